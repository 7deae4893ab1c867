"""Measured facts in the words people use."""

from __future__ import annotations

from sokoul.domain.mediafacts import MediaFacts

# Lines, and the least width or height that counts as such: cinema is wide and low, 4:3 narrow and high.
_STEPS = ((4320, 6000, 3500), (2160, 3000, 1700), (1440, 2300, 1250), (1080, 1700, 950), (720, 1180, 650))
_SMALL_STEPS = ((576, 540), (480, 430))


def lines(facts: MediaFacts | None) -> int | None:
    """The resolution as its class (2160, 1080, 720 …), not as the picture's exact height."""
    if facts is None or facts.video.width <= 0 or facts.video.height <= 0:
        return None
    width, height = max(facts.video.width, facts.video.height), min(facts.video.width, facts.video.height)
    for step, wide, high in _STEPS:
        if width >= wide or height >= high:
            return step
    return next((step for step, high in _SMALL_STEPS if height >= high), height)
