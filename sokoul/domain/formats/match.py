"""Whether a release fits a custom format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sokoul.domain.formats.model import Condition, CustomFormat, Kind
from sokoul.domain.formats.pattern import pattern
from sokoul.domain.release import Release


@dataclass(frozen=True, slots=True)
class Described:
    """A release as formats see it: its facts, its name without the title, and what the source says of it."""

    release: Release
    text: str
    original_language: str | None = None
    size_bytes: int | None = None
    flags: frozenset[str] = frozenset()

    @property
    def languages(self) -> frozenset[str]:
        """What it speaks; a silent name speaks the original language."""
        spoken = set(self.release.languages)
        if (not spoken or self.release.multi) and self.original_language:
            spoken.add(self.original_language)
        return frozenset(spoken)


def matches(wanted: CustomFormat, described: Described) -> bool:
    """Every required condition holds, and of each kind at least one; without conditions nothing fits."""
    held: dict[Kind, bool] = {}
    for condition in wanted.conditions:
        if held.get(condition.kind) and not condition.required:
            continue
        holds = _TESTS[condition.kind](condition, described) != condition.negate
        if condition.required and not holds:
            return False
        held[condition.kind] = held.get(condition.kind, False) or holds
    return bool(held) and all(held.values())


def format_score(
    scored: Iterable[tuple[CustomFormat, int]], described: Described
) -> tuple[int, tuple[tuple[str, int], ...]]:
    """The points of all formats that fit, and which they are."""
    found = tuple((each.name, points) for each, points in scored if points and matches(each, described))
    return sum(points for _, points in found), found


def _title(condition: Condition, described: Described) -> bool:
    return pattern(condition.value).found_in(described.text)


def _group(condition: Condition, described: Described) -> bool:
    return pattern(condition.value).found_in(described.release.group or "")


def _edition(condition: Condition, described: Described) -> bool:
    edition = described.release.edition
    return edition is not None and pattern(condition.value).found_in(edition)


def _source(condition: Condition, described: Described) -> bool:
    release = described.release
    remux = release.modifier == "remux"
    if condition.value == "bluray_remux":
        return remux
    if condition.value == "bluray_file":
        return release.source == "bluray" and not remux
    if condition.value == "tv_raw":
        return release.modifier == "rawhd"
    return (release.source or ("bluray" if remux else "unknown")) == condition.value


def _resolution(condition: Condition, described: Described) -> bool:
    return str(described.release.resolution or 0) == condition.value


def _modifier(condition: Condition, described: Described) -> bool:
    release = described.release
    stated = release.source if release.source in ("regional", "screener") else release.modifier
    return (stated or "none") == condition.value


def _language(condition: Condition, described: Described) -> bool:
    wanted = described.original_language if condition.value == "original" else condition.value
    if condition.except_language:
        return any(language != wanted for language in described.languages)
    if wanted is None:
        # Nobody knows the original language: only a name that states another one speaks against it.
        return not described.release.languages
    return wanted in described.languages


def _size(condition: Condition, described: Described) -> bool:
    if described.size_bytes is None:
        return False
    gigabytes = described.size_bytes / (1 << 30)
    return (condition.least is None or gigabytes > condition.least) and (
        condition.most is None or gigabytes <= condition.most
    )


def _year(condition: Condition, described: Described) -> bool:
    year = described.release.year
    return year is not None and (condition.least or 0) <= year <= (condition.most or 9999)


def _flag(condition: Condition, described: Described) -> bool:
    return condition.value in described.flags


def _release_type(condition: Condition, described: Described) -> bool:
    release = described.release
    several = len(release.episodes) > 1 or len(release.absolute) > 1
    kind = "season_pack" if release.full_season else "multi_episode" if several else "single_episode"
    numbered = bool(release.full_season or release.episodes or release.absolute or release.air_date)
    return numbered and kind == condition.value


_TESTS: dict[Kind, Callable[[Condition, Described], bool]] = {
    Kind.TITLE: _title,
    Kind.GROUP: _group,
    Kind.EDITION: _edition,
    Kind.SOURCE: _source,
    Kind.RESOLUTION: _resolution,
    Kind.MODIFIER: _modifier,
    Kind.LANGUAGE: _language,
    Kind.SIZE: _size,
    Kind.YEAR: _year,
    Kind.FLAG: _flag,
    Kind.RELEASE_TYPE: _release_type,
}
