"""Citizens' letters: written on a television or a phone, numbered, answered by a deadline, told back.

- model       what a letter, a draft, an event, a receipt and a deadline are
- states      state x event -> state, and who may do it        - rules      one city's rules as data
- calendar    working days, with their reasons                  - clock      deadlines out of the history
- numbers     letter numbers, codes, masks                      - access     what may be shown to whom
- cards       reminder, yellow and red cards                    - board      supervision figures
- store       the letter box in a Redis of its own              - outbox     delivery to the case system
"""
