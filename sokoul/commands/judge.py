"""`sokoul judge`: one question a line in, one verdict a line out, both JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TextIO

from pydantic import ValidationError

from sokoul.domain.errors import Invalid
from sokoul.domain.judge import judge_one
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Judged, Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules import IDENTITY_CODES
from sokoul.features.profiles.document import Rules
from sokoul.features.search import document

Profiles = Mapping[str, QualityProfile]
_TOO_BIG: Final = 1 << 53

_KINDS = {
    "movie": MediaType.MOVIE,
    "film": MediaType.MOVIE,
    "series": MediaType.TV,
    "tv": MediaType.TV,
    "show": MediaType.TV,
    "episode": MediaType.EPISODE,
}


def run(stdin: TextIO, stdout: TextIO, known: Profiles = MappingProxyType({})) -> int:
    """Judge until the end of input; a line that is no question is answered with an "error". 1 if any was."""
    failed = 0
    for line in stdin:
        if not line.strip():
            continue
        try:
            answer = _answer(_object(line), known)
        except Invalid as err:
            answer, failed = {"error": str(err)}, 1
        # Half of a character may stand in a name: it is shown as a question mark.
        told = json.dumps(answer, ensure_ascii=False).encode(errors="replace").decode()
        stdout.write(told + "\n")
        stdout.flush()
    return failed


def _object(line: str) -> dict[str, Any]:
    try:
        question = json.loads(line)
    except (ValueError, RecursionError) as err:
        raise Invalid("line", "is not JSON") from err
    if not isinstance(question, dict):
        raise Invalid("line", "is not a JSON object")
    return question


def _answer(question: dict[str, Any], known: Profiles) -> dict[str, object]:
    offer = Offer(
        guid="line",
        title=_text(question, "release"),
        provider="line",
        size_bytes=_number(question, "size_bytes"),
        seeders=_number(question, "seeders"),
    )
    judged = judge_one(offer, _wanted(question.get("wanted")), _profile(question.get("profile"), known))
    return {
        "match": matches(judged),
        "acceptable": not judged.rejected,
        "confidence": judged.confidence,
        "score": judged.score,
        "score_reasons": [document.reason(one) for one in judged.reasons],
        "rejections": [document.refusal(one) for one in judged.refusals],
        "notes": [document.refusal(one) for one in judged.notes],
    }


def matches(judged: Judged) -> bool:
    """Whether it is the work, whatever its quality."""
    return not any(refusal.code in IDENTITY_CODES for refusal in judged.refusals)


def _wanted(value: object) -> Wanted:
    if not isinstance(value, dict):
        raise Invalid("wanted", "is missing")
    aliases = value.get("aliases") or []
    if not isinstance(aliases, list):
        raise Invalid("aliases", "is not a list")
    work = Work(
        media_type=_KINDS.get(str(value.get("type")), MediaType.UNKNOWN),
        title=_text(value, "title"),
        year=_number(value, "year"),
        aliases=tuple(str(alias) for alias in aliases[:200]),
        runtime_minutes=_number(value, "runtime"),
    )
    return Wanted(work, _number(value, "season"), _number(value, "episode"))


def _profile(value: object, known: Profiles) -> QualityProfile:
    """The household's own of that name (none: "hd"), or what an object changes of "hd"."""
    if value is None:
        return known.get("hd") or QualityProfile()
    if isinstance(value, str):
        if value in known:
            return known[value]
        raise Invalid(
            "profile", f"there is no {value[:100]!r}; there are: {', '.join(sorted(known)) or 'none'}"
        )
    if not isinstance(value, dict):
        raise Invalid("profile", "is neither a name nor an object")
    try:
        return _changed(value)
    except ValidationError as err:
        first = err.errors(include_url=False, include_input=False)[0]
        raise Invalid("profile", f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from err


def _changed(value: dict[str, Any]) -> QualityProfile:
    told = Rules.of(QualityProfile()).model_dump(mode="json") | value
    for key in ("minimum", "cutoff"):
        if isinstance(told[key], int) and not isinstance(told[key], bool):
            told[key] = f"{told[key]}p" if told[key] else None
    return Rules.model_validate_json(json.dumps(told)).as_profile(str(value.get("name") or "line")[:100])


def _text(source: dict[str, Any], key: str) -> str:
    value = source.get(key)
    if not isinstance(value, str):
        raise Invalid(key, "is not text")
    return value


def _number(source: dict[str, Any], key: str) -> int | None:
    value = source.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _TOO_BIG:
        raise Invalid(key, "is not a whole number")
    return value
