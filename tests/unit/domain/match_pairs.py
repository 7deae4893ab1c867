"""Pairs of a wish and a release name: whether it is the work, and whether profile hd takes it.

In the table F wants a film, S a series: title, year, aliases between "/", season and episode (S01E02, S01,
#12 for an absolute number). `=` is the work and fit, `~` is the work and unfit, `x` is another work.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sokoul.domain.media import MediaType, Wanted, Work

TABLE = Path(__file__).with_suffix(".txt")


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of the table."""

    wanted: Wanted
    release: str
    match: bool
    fit: bool


def pairs() -> list[Pair]:
    """Every line as a pair."""
    lines = (line.strip() for line in TABLE.read_text(encoding="utf-8").splitlines())
    return [_pair(line) for line in lines if line and not line.startswith("#")]


def _pair(line: str) -> Pair:
    kind, title, told, *more = (part.strip() for part in line.split(" | "))
    year, *aliases = (part.strip() for part in told.split(" / "))
    season, episode = _numbers(more.pop(0)) if kind == "S" else (None, None)
    verdict, release = more
    media = MediaType.MOVIE if kind == "F" else MediaType.TV
    work = Work(media, title, int(year), aliases=tuple(aliases))
    return Pair(Wanted(work, season, episode), release, verdict != "x", verdict == "=")


def _numbers(told: str) -> tuple[int | None, int | None]:
    if told.startswith("#"):
        return None, int(told[1:])
    season, _, episode = told[1:].partition("E")
    return int(season), int(episode) if episode else None
