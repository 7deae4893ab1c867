"""What the name and the folders of a file say that it is; no question is asked of anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePosixPath

from sokoul.domain.media import MediaType, Work
from sokoul.domain.release import Release, parse

UNIDENTIFIED = "Unidentified"

_YEAR = r"(?:18[7-9]\d|19\d\d|20\d\d|21\d\d)"
_TITLED = re.compile(rf"^(?P<title>.+?)\s*[(\[](?P<year>{_YEAR})[)\]]")
_IDS = re.compile(r"[\[{](tmdb|imdb|tvdb)(?:id)?[-=](tt)?(\d{1,9})[\]}]", re.IGNORECASE)
_SEASON = re.compile(r"^(?:season|saison|staffel|series|temporada|s)[ ._-]*(\d{1,3})\b", re.IGNORECASE)
_SPECIALS = re.compile(r"^(?:specials?|extras?|hors[ -]s[ée]rie)$", re.IGNORECASE)
_EPISODE = re.compile(
    r"(?<![a-z0-9])s(?P<season>\d{1,4})[ ._-]*e(?P<first>\d{1,4})(?:(?:[ ._-]*e|-)(?P<last>\d{1,4}))?(?!\d)",
    re.IGNORECASE,
)
_CROSSED = re.compile(
    r"(?<![a-z0-9])(?P<season>\d{1,2})x(?P<first>\d{2,3})(?:-(?P<last>\d{2,3}))?(?!\d)", re.IGNORECASE
)
_BARE = re.compile(r"^(?:e|ep|episode|[ée]pisode)?[ ._-]*(?P<first>\d{1,3})(?!\d)", re.IGNORECASE)
_OURS = re.compile(r" - S\d+E\d+(?:-E\d+)? - (?P<title>.+)$")
_LABEL = re.compile(r" - \d{3,4}p(?: \(\d+\))?$")
_MOST_TOGETHER = 20


class Shelf(Enum):
    """Which root a file lies below."""

    MOVIES = auto()
    SERIES = auto()
    BOTH = auto()  # one folder for films and series


@dataclass(frozen=True, slots=True)
class Guess:
    """What a path says: the work, and for a series the season and episodes; `release` is its full reading."""

    work: Work
    release: Release
    season: int | None = None
    episodes: tuple[int, ...] = ()
    episode_title: str | None = None

    @property
    def certain(self) -> bool:
        """Whether the path alone is enough to list the file as what it says."""
        if self.work.media_type is MediaType.TV:
            return bool(self.episodes)
        return self.work.media_type is MediaType.MOVIE and self.work.year is not None


def read_path(relative: PurePosixPath, shelf: Shelf) -> Guess:
    """Read a path below a root, such as `Title (Year)/Title (Year) - 1080p.mkv` or a release's folder."""
    if relative.parts[0] == UNIDENTIFIED:
        release = parse(relative.stem)
        return Guess(Work(MediaType.UNKNOWN, relative.stem), release)
    numbers = _numbers(relative.stem)
    in_season = any(_season_of(part) is not None for part in relative.parts[:-1])
    if shelf is Shelf.SERIES or numbers is not None or in_season:
        guess = _episode(relative, numbers)
        if guess.episodes or shelf is Shelf.SERIES:
            return guess
    return _film(relative)


def _film(relative: PurePosixPath) -> Guess:
    release = parse(_LABEL.sub("", relative.stem))
    for name in (relative.stem, *reversed(relative.parts[:-1])):
        if (titled := _TITLED.match(name)) is not None:
            year = int(titled["year"])
            return Guess(_work(MediaType.MOVIE, titled["title"], year, relative), release)
    if len(relative.parts) > 1 and _IDS.search(relative.parts[-2]):
        return Guess(_work(MediaType.MOVIE, relative.parts[-2], release.year, relative), release)
    if release.year is None and len(relative.parts) > 1:
        # An obfuscated file in a folder that has the release's name.
        above = parse(relative.parts[-2])
        if above.title and above.year is not None:
            release = above
    if not release.title or (release.year is None and release.resolution is None and not release.source):
        return Guess(Work(MediaType.UNKNOWN, relative.stem.strip() or "Untitled"), release)
    return Guess(_work(MediaType.MOVIE, release.title, release.year, relative), release)


def _episode(relative: PurePosixPath, numbers: tuple[int | None, tuple[int, ...]] | None) -> Guess:
    release = parse(relative.stem)
    folder_season = next(
        (found for part in reversed(relative.parts[:-1]) if (found := _season_of(part)) is not None), None
    )
    season, episodes = numbers or (None, ())
    if not episodes:
        season, episodes = _from_release(release)
    if not episodes and folder_season is not None and (bare := _BARE.match(relative.stem)):
        episodes = (int(bare["first"]),)
    if season is None:
        season = folder_season if folder_season is not None else 1
    title, year = _series_name(relative, release)
    if not title:
        return Guess(Work(MediaType.UNKNOWN, relative.stem.strip() or "Untitled"), release)
    ours = _OURS.search(_LABEL.sub("", relative.stem))
    work = _work(MediaType.TV, title, year, relative)
    return Guess(work, release, season, episodes[:_MOST_TOGETHER], ours["title"] if ours else None)


def _series_name(relative: PurePosixPath, release: Release) -> tuple[str, int | None]:
    for part in relative.parts[:-1]:
        if _season_of(part) is not None:
            continue
        if (titled := _TITLED.match(part)) is not None:
            return titled["title"].strip(), int(titled["year"])
        above = parse(part)
        return above.title or part.strip(), above.year
    if (titled := _TITLED.match(relative.stem)) is not None:
        return titled["title"].strip(), int(titled["year"])
    return release.title, release.year if release.year_leads else None


def _numbers(stem: str) -> tuple[int | None, tuple[int, ...]] | None:
    found = _EPISODE.search(stem) or _CROSSED.search(stem)
    if found is None:
        return None
    first, last = int(found["first"]), int(found["last"] or found["first"])
    if not first <= last < first + _MOST_TOGETHER:
        last = first
    return int(found["season"]), tuple(range(first, last + 1))


def _from_release(release: Release) -> tuple[int | None, tuple[int, ...]]:
    season = release.seasons[0] if release.seasons else None
    return season, release.episodes or release.absolute


def _season_of(part: str) -> int | None:
    if _SPECIALS.match(part):
        return 0
    found = _SEASON.match(part)
    return int(found[1]) if found else None


def _work(kind: MediaType, title: str, year: int | None, relative: PurePosixPath) -> Work:
    ids = {
        name.lower(): (prefix, number)
        for part in relative.parts
        for name, prefix, number in _IDS.findall(part)
    }
    return Work(
        kind,
        _IDS.sub("", title).strip() or "Untitled",
        year=year,
        tmdb_id=int(ids["tmdb"][1]) if "tmdb" in ids else None,
        imdb_id=f"tt{ids['imdb'][1]}" if "imdb" in ids else None,
        tvdb_id=int(ids["tvdb"][1]) if "tvdb" in ids else None,
    )
