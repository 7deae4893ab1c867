#!/usr/bin/env python3
"""How well releases are matched and accepted on the open pairs, profile hd, and what 500 offers cost.

usage: scripts/bench judge [--failures]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sokoul.commands.judge import matches  # noqa: E402  (the repository is put on the path first)
from sokoul.domain.judge import judge, judge_one  # noqa: E402
from sokoul.domain.media import MediaType, Wanted, Work  # noqa: E402
from sokoul.domain.offer import Judged, Offer  # noqa: E402
from sokoul.domain.quality import QualityProfile  # noqa: E402

SHARED = Path(os.environ.get("SOKOUL_SHARED") or ROOT.parent / "shared") / "corpus"


def wanted(fields: dict[str, Any]) -> Wanted:
    """The question of a pair."""
    kind = {"movie": MediaType.MOVIE, "series": MediaType.TV}.get(fields["type"], MediaType.UNKNOWN)
    work = Work(kind, fields["title"], fields.get("year"), aliases=tuple(fields.get("aliases") or ()))
    return Wanted(work, fields.get("season"), fields.get("episode"))


def pairs() -> list[tuple[dict[str, Any], Judged]]:
    """Every open pair with its verdict."""
    content = json.loads((SHARED / "match_pairs.open.json").read_text(encoding="utf-8"))
    return [
        (
            pair,
            judge_one(Offer(pair["id"], pair["release"], "pairs"), wanted(pair["wanted"]), QualityProfile()),
        )
        for pair in content["pairs"]
    ]


def verdicts(label: str, rows: list[tuple[dict[str, Any], bool, Judged]], *, failures: bool) -> None:
    """One line of precision and recall, and the wrong ones."""
    tp = sum(pair[label] and said for pair, said, _ in rows)
    fp = [row for row in rows if not row[0][label] and row[1]]
    fn = [row for row in rows if row[0][label] and not row[1]]
    precision, recall = tp / max(1, tp + len(fp)), tp / max(1, tp + len(fn))
    print(
        f"{label:<12} n {len(rows):>4}  precision {precision:.3f}  recall {recall:.3f}"
        f"  false positives {len(fp)}  false negatives {len(fn)}"
    )
    if failures:
        for kind, some in (("FP", fp), ("FN", fn)):
            for pair, _, judged in some:
                told = "; ".join(f"{refusal.code}: {refusal.message}" for refusal in judged.refusals)
                print(f"  {kind} {pair['wanted']} <- {pair['release']!r} ({pair['class']}) {told}")


def cost() -> None:
    """500 offers, judged and merged, against PTT alone on the same names; medians of five."""
    from PTT import parse_title

    items = json.loads((SHARED / "feed_items.open.json").read_text(encoding="utf-8"))["items"]
    chance = random.Random(7)
    names = [chance.choice(items)["title"][:255] for _ in range(500)]
    offers = [
        Offer(
            str(i),
            name,
            f"indexer{i % 3}",
            size_bytes=chance.randrange(10**9, 9 * 10**9),
            seeders=chance.randrange(200),
        )
        for i, name in enumerate(names)
    ]
    question = Wanted(Work(MediaType.MOVIE, "Dune: Part Two", 2024, aliases=("Dune 2",)))
    judge(offers[:5], question, QualityProfile())
    ours, theirs = [], []
    for _ in range(5):
        start = time.process_time()
        judged = judge(offers, question, QualityProfile())
        ours.append(time.process_time() - start)
        start = time.process_time()
        for name in names:
            parse_title(name)
        theirs.append(time.process_time() - start)
        assert all(sum(reason.points for reason in item.reasons) == item.score for item in judged)
    mine, base = sorted(ours)[2], sorted(theirs)[2]
    print(
        f"500 offers   judged {1000 * mine:.0f} ms, PTT alone {1000 * base:.0f} ms, ratio {mine / base:.2f}"
    )


def main() -> int:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--failures", action="store_true")
    options = arguments.parse_args()
    judged = pairs()
    verdicts("title_match", [(p, matches(j), j) for p, j in judged], failures=options.failures)
    stated = [(p, not j.rejected, j) for p, j in judged if p["acceptable"] is not None]
    verdicts("acceptable", stated, failures=options.failures)
    cost()
    return 0


if __name__ == "__main__":
    sys.exit(main())
