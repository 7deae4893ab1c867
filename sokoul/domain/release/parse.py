"""A release name turned into facts: PTT underneath, readable rules of our own over it."""

from __future__ import annotations

from sokoul.domain.release import ptt
from sokoul.domain.release.model import Release

LONGEST = 255


def parse(name: str) -> Release:
    """Read any text; names are cut at 255 characters, because the expressions need seconds on longer ones."""
    text = name[:LONGEST]
    facts = ptt.read(text)
    return Release(
        name=name,
        title=facts["title"],
        titles=(facts["title"],),
        year=facts.get("year"),
        seasons=tuple(facts.get("seasons", ())),
        episodes=tuple(facts.get("episodes", ())),
        resolution={"2160p": 2160, "1080p": 1080, "720p": 720, "480p": 480}.get(facts.get("resolution", "")),
        source=str(facts.get("quality", "")).lower() or None,
        group=facts.get("group"),
    )
