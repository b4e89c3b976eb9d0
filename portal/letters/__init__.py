"""Citizens' letters: written on a television or a phone, numbered, answered by a deadline, told back.

- service   Letters: what editions, desk and adapters ask for   - opening  Letters out of the settings
- model     what a letter, a draft, an event is                 - rules    one city's rules as data
- states    state x event -> state, and who may do it           - clock    deadlines out of the history
- calendar  working days, with their reasons                    - cards    reminder, yellow and red cards
- numbers   letter numbers, codes, keyed hashes                 - masks    what strangers do not read
- check     whether a draft can be filed                        - words    what screens call all this
- store     the letter box in a Redis of its own                - outbox   who is told of what, and when again
- board     figures for the supervision
"""
