"""E-mail to the units, for a city whose units have no case system but a mailbox.

- compose   letters as messages        - replies   a unit's reply into an event        - sender   SMTP
"""
