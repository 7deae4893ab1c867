#!/usr/bin/env python3
"""How well release names are read: PTT and ours on the open test sets, side by side.

usage: scripts/bench parse [--failures FIELD] [--corpus sonarr,radarr]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sokoul.domain.release import as_json, parse  # noqa: E402  (the path comes first)

Facts = dict[str, Any]
Case = dict[str, Any]
NEUTRAL = ("sonarr", "radarr")
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
        "hardcoded": (has("hardcoded_subs"), lambda f, e: f["hardcoded_subs"] == bool(e["hardcoded_subs"])),
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


def corpus(name: str) -> list[Case]:
    """The open cases of one set."""
    shared = Path(os.environ.get("SOKOUL_SHARED") or ROOT.parent / "shared")
    return list(json.loads((shared / "corpus" / f"{name}.open.json").read_text(encoding="utf-8"))["cases"])


def ours(name: str) -> Facts:
    """Our facts."""
    return as_json(parse(name))


def ptt(name: str) -> Facts:
    """PTT's facts in our words."""
    from PTT import parse_title

    raw = parse_title(name[:255])
    quality = str(raw.get("quality", "")).lower()
    words = {
        "bluray": "bluray",
        "bdrip": "bluray",
        "brrip": "bluray",
        "web-dl": "webdl",
        "webrip": "webrip",
        "web": "webdl",
        "hdtv": "tv",
        "pdtv": "tv",
        "dvd": "dvd",
        "dvdrip": "dvd",
        "cam": "cam",
        "telesync": "telesync",
        "scr": "screener",
        "telecine": "telecine",
        "r5": "regional",
        "hdrip": "hdrip",
        "tvrip": "tv",
        "satrip": "tv",
        "hdtvrip": "tv",
    }
    found = re.search(r"\d+", str(raw.get("resolution", "")))
    return {
        "title": raw["title"],
        "year": raw.get("year"),
        "seasons": raw["seasons"],
        "episodes": raw["episodes"],
        "absolute": raw["episodes"],
        "air_date": raw.get("date"),
        "resolution": int(found.group()) if found else None,
        "source": words.get(quality.removesuffix(" remux"), quality or None),
        "modifier": "remux" if "remux" in quality else None,
        "group": raw.get("group"),
        "version": 2 if raw.get("proper") or raw.get("repack") else 1,
        "languages": raw["languages"],
        "edition": raw.get("edition"),
        "full_season": bool(raw.get("complete")),
        "hardcoded_subs": bool(raw.get("hardcoded")),
        "cam": bool(raw.get("trash")),
    }


def measure(read: Callable[[str], Facts], cases: list[Case]) -> Iterator[tuple[str, int, int, list[str]]]:
    """Field, cases right, cases asserted, and a line per failure."""
    facts = [read(case["release"]) for case in cases]
    for field, (asserted, fulfilled) in fields().items():
        chosen = [(c, f) for c, f in zip(cases, facts, strict=True) if asserted(c["expect"], c["release"])]
        bad = [_failure(field, c, f) for c, f in chosen if not fulfilled(f, c["expect"])]
        yield field, len(chosen) - len(bad), len(chosen), bad


def _failure(field: str, case: Case, facts: Facts) -> str:
    key = {
        "language": "languages",
        "no_language": "languages",
        "cam_false": "cam",
        "hardcoded": "hardcoded_subs",
    }
    expected = case["expect"].get(
        {"language": "languages_include", "garbage": "parse", "cam": "source"}.get(field, field)
    )
    found = facts.get(key.get(field, field), (facts["seasons"], facts["episodes"], facts["absolute"]))
    return f"  {case['release']!r}\n      expected {expected!r}, found {found!r}"


def speed(read: Callable[[str], object], names: list[str]) -> float:
    """Names a second of CPU time, best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for name in names:
            read(name)
        best = min(best, time.process_time() - start)
    return len(names) / best


def main() -> int:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--failures", help="print the failures of ours in this field")
    arguments.add_argument("--corpus", default=",".join(NEUTRAL))
    options = arguments.parse_args()
    cases = [case for name in options.corpus.split(",") for case in corpus(name)]
    if options.failures:
        for field, _, _, bad in measure(ours, cases):
            if field == options.failures:
                print("\n".join(bad))
        return 0
    names = [case["release"][:255] for case in cases]
    ours_rows, ptt_rows = list(measure(ours, cases)), list(measure(ptt, cases))
    print(f"{'field':<14}{'n':>6}{'PTT':>9}{'ours':>9}")
    for (field, right, count, _), (_, base, _, _) in zip(ours_rows, ptt_rows, strict=True):
        if count:
            print(f"{field:<14}{count:>6}{100 * base / count:>9.1f}{100 * right / count:>9.1f}")
    quick, plain = speed(parse, names), speed(ptt, names)
    print(f"{'names/s':<14}{len(names):>6}{plain:>9.0f}{quick:>9.0f}   ratio {quick / plain:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
