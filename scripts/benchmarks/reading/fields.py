"""What a case of the test sets asserts, and whether facts fulfil it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

Facts = dict[str, Any]
Case = dict[str, Any]
CAM = frozenset({"cam", "telesync", "telecine", "workprint", "screener", "regional"})
_LISTED = """
    af:afrikaans ar:arabic az:azerbaijani be:belarusian bg:bulgarian bn:bengali bs:bosnian
    ca:catalan cs:czech da:danish de:german el:greek en:english es:spanish,spanishlatino et:estonian
    fa:persian fi:finnish fr:french gu:gujarati he:hebrew hi:hindi hr:croatian hu:hungarian
    id:indonesian is:icelandic it:italian ja:japanese ka:georgian kn:kannada ko:korean ku:kurdish
    lt:lithuanian lv:latvian mk:macedonian ml:malayalam mn:mongolian mr:marathi ms:malay
    nl:dutch,flemish no:norwegian pa:punjabi pl:polish pt:portuguese,portuguesebr,portuguesebrazil
    rm:romansh ro:romanian ru:russian sk:slovak sl:slovenian sq:albanian sr:serbian sv:swedish
    ta:tamil te:telugu th:thai tl:tagalog tr:turkish uk:ukrainian ur:urdu uz:uzbek vi:vietnamese
    zh:chinese
"""
LANGUAGES = {name: entry[:2] for entry in _LISTED.split() for name in entry[3:].split(",")}
_STATED_RESOLUTION = re.compile(r"\d{3,4}[pi]|\d{3,4}[x*]\d{3,4}|4k|uhd|1080|2160|720|480", re.IGNORECASE)
_STATED_SOURCE = re.compile(
    r"web|blu|b[dr].?rip|bd|dvd|tv|cam|ts\b|tele|scr|hddvd|uhd|vhs|dsr|sat|r5|rip|remux|br\b", re.IGNORECASE
)


def fold(title: str | None) -> str:
    """A title without case, accents and punctuation."""
    text = unicodedata.normalize("NFKD", (title or "").casefold())
    return "".join(char for char in text if char.isalnum())


def same_title(found: str | None, expected: str | None) -> bool:
    """Equal, with a trailing year or season forgiven on either side."""
    one, two = fold(found), fold(expected)
    return one == two or _bare(found) == _bare(expected)


def _bare(title: str | None) -> str:
    text = re.sub(
        r"[\s.(\[]*(?:\b(?:19|20)\d\d\b[\s)\]]*|\bS\d+)$", "", (title or "").strip(), flags=re.IGNORECASE
    )
    return fold(text)


def _lists(key: str) -> Callable[[Facts, Case], bool]:
    return lambda facts, expect: sorted(facts.get(key) or []) == sorted(expect[key] or [])


def _languages(facts: Facts, expect: Case) -> bool:
    wanted = {LANGUAGES.get(name.lower(), name) for name in expect["languages_include"]} - {"Original"}
    return wanted <= set(facts["languages"])


def fields() -> dict[str, tuple[Callable[[Case, str], bool], Callable[[Facts, Case], bool]]]:
    """Per field: whether a case asserts it, and whether the facts fulfil it."""
    has = lambda key: lambda expect, _: key in expect  # noqa: E731  (a table reads better than ten functions)
    return {
        "title": (
            lambda e, _: isinstance(e.get("title"), str),
            lambda f, e: same_title(f["title"], e["title"]),
        ),
        "year": (has("year"), lambda f, e: f["year"] == e["year"]),
        "seasons": (has("seasons"), _lists("seasons")),
        "episodes": (has("episodes"), _lists("episodes")),
        "absolute": (has("absolute"), _lists("absolute")),
        "any_number": (
            has("episodes"),
            lambda f, e: sorted(e["episodes"] or []) in (sorted(f["episodes"]), sorted(f["absolute"])),
        ),
        "air_date": (has("air_date"), lambda f, e: f["air_date"] == e["air_date"]),
        "resolution": (
            lambda e, n: bool(e.get("resolution")) and bool(_STATED_RESOLUTION.search(n)),
            lambda f, e: _folded(f["resolution"]) == _folded(e["resolution"]),
        ),
        "source": (
            lambda e, n: bool(e.get("source")) and bool(_STATED_SOURCE.search(n)),
            lambda f, e: f["source"] == e["source"],
        ),
        "modifier": (has("modifier"), lambda f, e: f["modifier"] == e["modifier"]),
        "group": (has("group"), lambda f, e: (f["group"] or None) == (e["group"] or None)),
        "version": (has("version"), lambda f, e: f["version"] == e["version"]),
        "language": (lambda e, _: bool(e.get("languages_include")), _languages),
        "no_language": (has("languages_none"), lambda f, _: not f["languages"]),
        "edition": (has("edition"), lambda f, e: bool(f["edition"]) == bool(e["edition"])),
        "full_season": (has("full_season"), lambda f, e: f["full_season"] == e["full_season"]),
        "hardcoded": (
            has("hardcoded_subs"),
            lambda f, e: bool(f["hardcoded_subs"]) == bool(e["hardcoded_subs"]),
        ),
        "garbage": (
            lambda e, _: e.get("parse") is False,
            lambda f, _: not f["seasons"] and not f["episodes"] and not f["absolute"] and not f["air_date"],
        ),
        "cam": (lambda e, _: e.get("source") in CAM, lambda f, _: f["cam"]),
        "cam_false": (
            lambda e, _: bool(e.get("source")) and e["source"] not in CAM,
            lambda f, _: not f["cam"],
        ),
    }


def _folded(lines: int | None) -> int | None:
    return 480 if lines in (360, 540, 404, 384) else lines
