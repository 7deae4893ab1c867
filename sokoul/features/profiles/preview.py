"""What a profile would say to some release names; nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sokoul.domain.judge import judge_one
from sokoul.domain.ladder import quality_of
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.merge import ranked
from sokoul.domain.offer import Judged, Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.release import Release, parse

MOST_NAMES = 200
_PAUSE_EVERY = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """One release name and what is known of it beside."""

    name: str
    size_bytes: int | None = None
    seeders: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was judged, and the named quality of it; `place` is its line in what was asked, from 0."""

    place: int
    quality: str
    judged: Judged


async def preview(
    profile: QualityProfile, tried: Sequence[Tried], wanted: Wanted | None, *, runtime: int | None = None
) -> list[Verdict]:
    """Best first. Without a wanted work each name is taken for the very work it names."""
    verdicts: dict[int, Verdict] = {}
    for place, each in enumerate(tried[:MOST_NAMES]):
        offer = Offer(str(place), each.name, "preview", size_bytes=each.size_bytes, seeders=each.seeders)
        judged = judge_one(offer, wanted or _itself(parse(each.name), runtime), profile)
        verdicts[id(judged)] = Verdict(place, quality_of(judged.release).name, judged)
        if place % _PAUSE_EVERY == _PAUSE_EVERY - 1:
            await asyncio.sleep(0)  # some milliseconds of work: let others run
    return [verdicts[id(judged)] for judged in ranked(verdict.judged for verdict in verdicts.values())]


def _itself(release: Release, runtime: int | None) -> Wanted:
    numbered = release.seasons or release.episodes or release.absolute or release.air_date
    media_type = MediaType.TV if numbered or release.full_season else MediaType.MOVIE
    title = release.title or release.name
    return Wanted(Work(media_type, title, release.year, aliases=release.titles, runtime_minutes=runtime))
