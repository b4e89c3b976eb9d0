"""On the go (出门在外): what somebody away from home, or new in the city, must find at once.

model     typed facts, each with its source, the day it was checked and the last day it holds (pure)
hours     opening hours by weekday and by date -> "open until 17:00", "closed today" (pure)
now       the facts that hold at a moment, in one language, as the editions show them (pure)
around    what the mirror adds: matters by name and by tag, closures in force
offline   all of it as one small page that needs no network       `python -m portal.travel offline -o FILE`
"""
