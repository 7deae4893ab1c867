"""Custom formats, quality profiles and sizes as the TRaSH guides, Radarr and Sonarr write them in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sokoul.domain.errors import Invalid
from sokoul.domain.formats import CustomFormat
from sokoul.domain.ladder import BY_NAME
from sokoul.domain.profile_faults import condition_faults
from sokoul.domain.quality import QualityProfile, ScoredFormat, SizeLimit, Step, Upgrades
from sokoul.features.profiles.trash_terms import LANGUAGES, SAME_QUALITY, condition, language_codes

App = Literal["radarr", "sonarr"]
_LONGEST_NAME = 64
_MOST_DOCUMENTS = 2000


@dataclass(frozen=True, slots=True)
class Given:
    """One JSON text and the name of the file it came in."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadFormat:
    """A custom format with the points that its authors give it, by set of points."""

    format: CustomFormat
    trash_id: str
    scores: Mapping[str, int]

    def points(self, score_set: str | None) -> int:
        """Those of a set, else the usual ones."""
        return self.scores.get(score_set or "default", self.scores.get("default", 0))


@dataclass(slots=True)
class Imported:
    """What was understood; `notes` name everything that was not."""

    formats: list[ReadFormat] = field(default_factory=list)
    profiles: list[QualityProfile] = field(default_factory=list)
    sizes: dict[str, tuple[SizeLimit, ...]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def sizes_for(self, profile: str) -> tuple[SizeLimit, ...]:
        """The list that a profile's name speaks of (anime, sqp-uhd), else the general one."""
        words = profile.lower()
        named = [kind for kind in self.sizes if kind.partition("-")[0] in words]
        general = [kind for kind in self.sizes if kind in ("movie", "series")]
        alone = list(self.sizes) if len(self.sizes) == 1 else []
        return self.sizes[next(iter([*named, *alone, *general]))] if named or alone or general else ()

    def scored(self) -> tuple[ScoredFormat, ...]:
        """All formats with their usual points."""
        return tuple(ScoredFormat(each.format, each.points(None)) for each in self.formats)


def read(given: Sequence[Given], app: App | None = None) -> Imported:
    """Read them all as one set; `app` says whose numbers they use where the files do not tell.

    Raises `Invalid` for a text that is no JSON, and where `app` is needed and missing.
    """
    documents = [(each.name, document) for each in given for document in _documents(each)]
    if len(documents) > _MOST_DOCUMENTS:
        raise Invalid("documents", f"holds more than {_MOST_DOCUMENTS} formats and profiles")
    numbers = app or _told_app(documents)
    result = Imported()
    for name, document in documents:
        if "specifications" in document:
            _format(result, name, document, numbers)
        elif "qualities" in document:
            _sizes(result, name, document)
    known = {each.trash_id: each for each in result.formats if each.trash_id}
    for name, document in documents:
        if isinstance(document.get("items"), list):
            _profile(result, name, document, known)
        elif "specifications" not in document and "qualities" not in document:
            result.notes.append(f"{name}: is neither a custom format, a profile nor a list of sizes")
    return result


def _documents(given: Given) -> Sequence[Mapping[str, Any]]:
    try:
        content = json.loads(given.text)
    except (ValueError, RecursionError) as err:
        raise Invalid("documents", f"{given.name} is not JSON") from err
    listed = content if isinstance(content, list) else [content]
    found = [each for each in listed if isinstance(each, dict)]
    if not found:
        raise Invalid("documents", f"{given.name} holds no JSON object")
    return found


def _told_app(documents: Sequence[tuple[str, Mapping[str, Any]]]) -> App | None:
    """Whose numbers the documents use, by what only one of the two knows."""
    for name, document in documents:
        folders = name.lower().replace("\\", "/").split("/")
        scores = document.get("trash_scores")
        words = {*folders, *(scores if isinstance(scores, dict) else ()), document.get("type")}
        kinds = {each.get("implementation") for each in _listed(document, "specifications")}
        ladder = {item.get("name") for item in _listed(document, "items")}
        if (
            "sonarr" in words
            or "series" in words
            or "anime-sonarr" in words
            or "ReleaseTypeSpecification" in kinds
        ):
            return "sonarr"
        if "Bluray-1080p Remux" in ladder:
            return "sonarr"
        known_to_radarr = {
            "radarr",
            "movie",
            "anime-radarr",
        } & words or "QualityModifierSpecification" in kinds
        if known_to_radarr or "Remux-1080p" in ladder or any(str(word).startswith("sqp-") for word in words):
            return "radarr"
    return None


def _format(result: Imported, name: str, document: Mapping[str, Any], app: App | None) -> None:
    title = _text(document, "name") or name
    conditions = []
    for each in _listed(document, "specifications"):
        try:
            made = condition(each, app)
        except LookupError as err:
            result.notes.append(f"{title}: left out, because of “{_text(each, 'name')}”: {err}")
            return
        if wrong := next(condition_faults(made, tried=False), None):
            result.notes.append(f"{title}: left out, because “{made.name}” {wrong[1]}")
            return
        conditions.append(made)
    if not conditions:
        result.notes.append(f"{title}: left out, because it has no conditions")
        return
    scores = document.get("trash_scores")
    points = (
        {key: value for key, value in scores.items() if isinstance(value, int)}
        if isinstance(scores, dict)
        else {}
    )
    made_of = CustomFormat(title[:100], tuple(conditions))
    result.formats.append(ReadFormat(made_of, _text(document, "trash_id"), points))


def _sizes(result: Imported, name: str, document: Mapping[str, Any]) -> None:
    limits = []
    for each in _listed(document, "qualities"):
        quality = SAME_QUALITY.get(_text(each, "quality"), _text(each, "quality"))
        if quality not in BY_NAME:
            result.notes.append(f"{name}: there is no quality {quality!r} here")
            continue
        least, preferred, most = (_rate(each, key) for key in ("min", "preferred", "max"))
        # Their "as much as there is" is a preference of one below the most.
        wish = preferred if preferred is not None and most is not None and preferred < most - 1 else None
        limits.append(SizeLimit(quality, least, wish, most))
    result.sizes[_text(document, "type") or name] = tuple(limits)


def _profile(
    result: Imported, name: str, document: Mapping[str, Any], known: Mapping[str, ReadFormat]
) -> None:
    title = (_text(document, "name") or name).replace("/", "-").replace("\\", "-")[:_LONGEST_NAME].strip()
    steps = tuple(_steps(result, title, document))
    if not any(step.allowed for step in steps):
        # A ladder that takes nothing is a template: its best named quality is what it stands for.
        result.notes.append(f"{title}: takes no quality; every one is allowed until you choose")
        steps = tuple(Step(step.name, step.qualities) for step in steps)
    until = SAME_QUALITY.get(_text(document, "cutoff"), _text(document, "cutoff"))
    if until not in {step.name for step in steps if step.allowed}:
        until = next(step.name for step in reversed(steps) if step.allowed) if steps else ""
        result.notes.append(f"{title}: its cutoff is none of its qualities; {until} is taken instead")
    language = _text(document, "language")
    if language not in LANGUAGES:
        result.notes.append(f"{title}: the language {language!r} is not known here")
    result.profiles.append(
        QualityProfile(
            name=title,
            minimum=0,
            cutoff=max(
                (
                    BY_NAME[quality].lines
                    for step in steps
                    if step.name == until
                    for quality in step.qualities
                ),
                default=0,
            ),
            languages=language_codes(language),
            steps=steps,
            until=until,
            sizes=result.sizes_for(title),
            formats=tuple(_scored(result, title, document, known)),
            least_format_score=_whole(document, "minFormatScore"),
            cutoff_format_score=_whole(document, "cutoffFormatScore"),
            upgrades=Upgrades(
                allowed=document.get("upgradeAllowed") is not False,
                least_increment=_whole(document, "minUpgradeFormatScore") or 1,
            ),
        )
    )


def _steps(result: Imported, title: str, document: Mapping[str, Any]) -> list[Step]:
    """Theirs go from the best to the worst, ours upwards."""
    steps = []
    for item in reversed(_listed(document, "items")):
        name = _text(item, "name")
        inside = item.get("items")
        named = [str(each) for each in inside] if isinstance(inside, list) and inside else [name]
        qualities = [SAME_QUALITY.get(each, each) for each in named]
        for unknown in (each for each in qualities if each not in BY_NAME):
            result.notes.append(f"{title}: there is no quality {unknown!r} here")
        if found := tuple(each for each in qualities if each in BY_NAME):
            steps.append(Step(SAME_QUALITY.get(name, name)[:100], found, item.get("allowed") is True))
    return steps


def _scored(
    result: Imported, title: str, document: Mapping[str, Any], known: Mapping[str, ReadFormat]
) -> list[ScoredFormat]:
    wanted, score_set = document.get("formatItems"), _text(document, "trash_score_set") or None
    scored = []
    for name, trash_id in wanted.items() if isinstance(wanted, dict) else ():
        found = known.get(str(trash_id))
        if found is None:
            result.notes.append(f"{title}: the format “{name}” was not given; import its file along")
        else:
            scored.append(ScoredFormat(found.format, found.points(score_set)))
    return scored


def _listed(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = document.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(document: Mapping[str, Any], key: str) -> str:
    value = document.get(key)
    return value if isinstance(value, str) else ""


def _whole(document: Mapping[str, Any], key: str) -> int | None:
    value = document.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _rate(document: Mapping[str, Any], key: str) -> float | None:
    value = document.get(key)
    ok = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 10_000
    return float(value) if ok and value is not None else None


__all__ = ["App", "Given", "Imported", "ReadFormat", "read"]
