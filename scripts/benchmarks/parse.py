#!/usr/bin/env python3
"""How well release names are read: guessit, PTT and ours on the open test sets, side by side.

usage: scripts/bench parse [--corpus sonarr,radarr] [--failures FIELD] [--quick]

On the neutral sets, Sonarr and Radarr, there are floors; the exit code is 1 when one is missed. Then subtitle
files and titles in comparable form are measured, too.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from reading.fields import LANGUAGES, Case, Facts, fields  # noqa: E402  (the paths come first)
from reading.readers import guessit, ours, ptt  # noqa: E402

from sokoul.domain.release import parse  # noqa: E402
from sokoul.domain.titles import clean  # noqa: E402

NEUTRAL = ("sonarr", "radarr")
# Percent of the cases that assert a field; of garbage and of names without a language, one may be missed.
FLOORS = {
    "title": 96,
    "seasons": 97,
    "episodes": 96,
    "absolute": 96,
    "air_date": 100,
    "resolution": 99,
    "source": 97,
    "group": 92,
    "version": 99,
    "language": 97,
    "no_language": 90,
    "edition": 95,
    "garbage": 97,
    "cam": 100,
    "cam_false": 99.7,
}
SPEED_FLOOR = 0.7  # of PTT's names a second
ROUNDS, BLOCK = 5, 50
Row = tuple[str, int, int, list[str]]


def corpus(name: str) -> list[Case]:
    """The open cases of one set."""
    shared = Path(os.environ.get("SOKOUL_SHARED") or ROOT.parent / "shared")
    return list(json.loads((shared / "corpus" / f"{name}.open.json").read_text(encoding="utf-8"))["cases"])


def measure(read: Callable[[str], Facts], cases: list[Case]) -> Iterator[Row]:
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


def ratio(names: list[str]) -> tuple[float, float]:
    """Names a second of PTT and of ours; both read each block in turn, and their best rounds count."""
    spent = {ptt: 0.0, ours: 0.0}
    reading: dict[Callable[[str], Facts], Callable[[str], object]] = {ptt: _plain_ptt(), ours: parse}
    for first in range(0, len(names), BLOCK):
        block = names[first : first + BLOCK]
        best = dict.fromkeys(spent, float("inf"))
        for _ in range(ROUNDS):
            for reader in spent:
                start = time.process_time()
                for name in block:
                    reading[reader](name)
                best[reader] = min(best[reader], time.process_time() - start)
        for reader in spent:
            spent[reader] += best[reader]
    return len(names) / spent[ptt], len(names) / spent[ours]


def _plain_ptt() -> Callable[[str], object]:
    from PTT import parse_title

    return parse_title


def beside() -> Iterator[tuple[str, int, int]]:
    """What is read beside whole names: subtitle files, titles in comparable form."""
    spoken = [case for case in corpus("subtitle_language") if case["expect"]["language"]]
    wanted = [LANGUAGES.get(case["expect"]["language"].lower()) for case in spoken]
    found = [(parse(case["release"]).languages or (None,))[0] for case in spoken]
    yield "subtitles", sum(one == other for one, other in zip(wanted, found, strict=True)), len(spoken)
    titles = corpus("normalize_title")
    yield "clean title", sum(clean(c["release"]) == c["expect"]["clean"] for c in titles), len(titles)


def table(cases: list[Case], *, quick: bool) -> list[Row]:
    """Print the readers side by side; our rows come back."""
    readers = {"PTT": ptt, "ours": ours} if quick else {"guessit": guessit, "PTT": ptt, "ours": ours}
    rows = {name: list(measure(reader, cases)) for name, reader in readers.items()}
    print(f"{'field':<14}{'n':>6}" + "".join(f"{name:>9}" for name in readers) + f"{'floor':>9}")
    for place, (field, _, count, _) in enumerate(rows["ours"]):
        if count:
            shares = "".join(f"{100 * rows[name][place][1] / count:>9.1f}" for name in readers)
            print(f"{field:<14}{count:>6}{shares}{FLOORS.get(field, ''):>9}")
    return rows["ours"]


def main() -> int:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--failures", metavar="FIELD", help="print the failures of ours in this field")
    arguments.add_argument("--corpus", default=",".join(NEUTRAL))
    arguments.add_argument("--quick", action="store_true", help="without guessit, which is slow")
    options = arguments.parse_args()
    names = options.corpus.split(",")
    cases = [case for name in names for case in corpus(name)]
    if options.failures:
        for field, _, _, bad in measure(ours, cases):
            if field == options.failures:
                print("\n".join(bad))
        return 0
    rows = table(cases, quick=options.quick)
    plain, quick = ratio([case["release"][:255] for case in cases])
    print(
        f"{'names/s':<14}{len(cases):>6}{'':>{0 if options.quick else 9}}{plain:>9.0f}{quick:>9.0f}", end=""
    )
    print(f"   ratio {quick / plain:.2f}, floor {SPEED_FLOOR}")
    if sorted(names) != sorted(NEUTRAL):
        return 0
    for part, right, count in beside():
        print(f"{part:<14}{count:>6}{100 * right / count:>9.1f}")
    return _missed(rows, quick / plain)


def _missed(rows: list[Row], speed: float) -> int:
    """1 and a line for each floor that is missed."""
    missed = [
        f"{field}: {100 * right / count:.1f} %, the floor is {FLOORS[field]} %"
        for field, right, count, _ in rows
        if field in FLOORS and 100 * right < FLOORS[field] * count
    ]
    if speed < SPEED_FLOOR:
        missed.append(f"speed: {speed:.2f} of PTT's, the floor is {SPEED_FLOOR}")
    for line in missed:
        print("missed", line)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
