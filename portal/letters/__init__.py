"""Citizens' letters: written on a television or a phone, numbered, answered by a deadline, told back.

- service     Letters: what editions, desk and adapters ask for   - model    what a letter, a draft, an event is
- states      state x event -> state, and who may do it           - rules    one city's rules as data
- calendar    working days, with their reasons                     - clock    deadlines out of the history
- numbers     letter numbers, codes, keyed hashes                  - masks    what strangers do not read
- check       whether a draft can be filed                         - words    what screens call all this
- cards       reminder, yellow and red cards                       - board    figures for the supervision
- store       the letter box in a Redis of its own                 - outbox   who is told of what, and when again
"""
