"""Property tests run on machines that are busy with other things: how long one example takes proves nothing."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
