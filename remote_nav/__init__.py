"""Steering a screen with a remote control: pure values in, pure values out, standard library only.

- geometry  rectangles, boxes, direction keys, how far a press has to reach
- graph     boxes -> a table of moves, and why each goes where it goes
- proof     is every box reachable, can every box be left, is all inside the screen; repair
- walk      moves with the memory of groups: back into a group means back to where one was
- layout    boxes and groups as JSON, for the command line and for tests
- keymap    which code means which action, one table a box profile
- profile   the box profiles, and recognising one from what the box says of itself
- remote    what can be pressed with the keys of a remote, and what a screen must offer instead
- learn     the keys of an unknown box, and the word for them in an address
- repeat    which key events count as a press
- digits    numbers on the screen: which digit presses what; letters on digit keys
- keypad    the boxes of the number box
- entry     the number box, number fields and multi-tap letters as state machines
- presses   the number of key presses over the graph of a whole site
"""
