"""`sokoul judge`: one question a line in, one verdict a line out, both JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, TextIO

from sokoul.domain.errors import Invalid
from sokoul.domain.judge import judge_one
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Judged, Offer
from sokoul.domain.quality import QualityProfile
from sokoul.domain.rules import IDENTITY_CODES
from sokoul.features.search import document

_KINDS = {
    "movie": MediaType.MOVIE,
    "film": MediaType.MOVIE,
    "series": MediaType.TV,
    "tv": MediaType.TV,
    "show": MediaType.TV,
    "episode": MediaType.EPISODE,
}


def run(stdin: TextIO, stdout: TextIO) -> int:
    """Judge until the end of input; a line that is no question is answered with an "error". 1 if any was."""
    failed = 0
    for line in stdin:
        if not line.strip():
            continue
        try:
            answer = _answer(_object(line))
        except Invalid as err:
            answer, failed = {"error": str(err)}, 1
        stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
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


def _answer(question: dict[str, Any]) -> dict[str, object]:
    offer = Offer(
        guid="line",
        title=_text(question, "release"),
        provider="line",
        size_bytes=_number(question, "size_bytes"),
        seeders=_number(question, "seeders"),
    )
    judged = judge_one(offer, _wanted(question.get("wanted")), _profile(question.get("profile")))
    return {
        "match": matches(judged),
        "acceptable": not judged.rejected,
        "confidence": judged.confidence,
        "score": judged.score,
        "score_reasons": [document.reason(one) for one in judged.reasons],
        "rejections": [document.refusal(one) for one in judged.refusals],
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


def _profile(value: object) -> QualityProfile:
    """The profile "hd", or its fields by name."""
    profile = QualityProfile()
    if not isinstance(value, dict):
        return profile
    changes: dict[str, Any] = {key: _lines(value[key]) for key in ("minimum", "cutoff") if key in value}
    for key in ("prefer_codecs", "reject", "languages"):
        if isinstance(value.get(key), list):
            changes[key] = tuple(str(word) for word in value[key])
    if (seeders := _number(value, "min_seeders")) is not None:
        changes["min_seeders"] = seeders
    return replace(profile, **changes)


def _lines(value: object) -> int:
    digits = str(value).lower().removesuffix("p")
    if not digits.isdecimal() or len(digits) > 5:
        raise Invalid("profile", f"{value!r} is not a resolution")
    return int(digits)


def _text(source: dict[str, Any], key: str) -> str:
    value = source.get(key)
    if not isinstance(value, str):
        raise Invalid(key, "is not text")
    return value


def _number(source: dict[str, Any], key: str) -> int | None:
    value = source.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid(key, "is not a whole number")
    return value
