"""Citizens' letters: written on a television or a phone, numbered, answered by a deadline, told back.

- service   Letters: what editions, desk and adapters ask for; its parts:
  drafts    while a letter is written      - lookups   number and code, or how it stands
  household what a television lists        - publics   what everybody may read
  guard     counts, limits and locks       - keyed     what is made with the secret
  pad       digits, an address for a key   - queries, standing   what a desk asks for, and how a letter stands
- model     what a letter, a draft, an event is                 - rules    one city's rules as data
- states    state x event -> state, and who may do it           - clock    deadlines out of the history
- calendar  working days, with their reasons                    - cards    reminder, yellow and red cards
- numbers   letter numbers, tokens, telephone numbers           - masks    what strangers do not read
- check     whether a draft can be filed                        - words    what screens call all this
- store     the letter box in a Redis of its own, by scripts    - outbox   who is told of what, and when again
- opening   Letters out of the settings                         - board    figures for the supervision
"""
