"""Everything that can turn an offer down: one refusal a file, pure, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable

from sokoul.domain.offer import Refusal
from sokoul.domain.rules.blocklisted import blocklisted
from sokoul.domain.rules.cam import cam
from sokoul.domain.rules.ceiling import ceiling
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.dangerous_file import dangerous_file
from sokoul.domain.rules.extra import extra
from sokoul.domain.rules.few_seeders import few_seeders
from sokoul.domain.rules.format_score import format_score
from sokoul.domain.rules.hardcoded_subs import hardcoded_subs
from sokoul.domain.rules.language import language
from sokoul.domain.rules.quality import quality
from sokoul.domain.rules.raw_disk import raw_disk
from sokoul.domain.rules.sample import sample
from sokoul.domain.rules.screen import screen
from sokoul.domain.rules.screener import screener
from sokoul.domain.rules.soundtrack import soundtrack
from sokoul.domain.rules.telesync import telesync
from sokoul.domain.rules.three_d import three_d
from sokoul.domain.rules.too_big import too_big
from sokoul.domain.rules.too_small import too_small
from sokoul.domain.rules.upscaled import upscaled
from sokoul.domain.rules.word_missing import word_missing
from sokoul.domain.rules.word_present import word_present
from sokoul.domain.rules.wrong_episode import wrong_episode
from sokoul.domain.rules.wrong_title import wrong_title
from sokoul.domain.rules.wrong_type import wrong_type
from sokoul.domain.rules.wrong_year import wrong_year

Rule = Callable[[Context], Refusal | None]

IDENTITY: tuple[Rule, ...] = (wrong_title, wrong_year, wrong_type, wrong_episode, soundtrack, extra)
FITNESS: tuple[Rule, ...] = (
    dangerous_file,
    cam,
    telesync,
    screener,
    sample,
    three_d,
    raw_disk,
    hardcoded_subs,
    upscaled,
    quality,
    too_small,
    too_big,
    language,
    few_seeders,
    blocklisted,
    ceiling,
    word_missing,
    word_present,
    format_score,
    screen,
)
RULES: tuple[Rule, ...] = IDENTITY + FITNESS

# The codes that say "this is something else", whatever its quality.
IDENTITY_CODES = frozenset(
    {"wrong_title", "wrong_year", "wrong_type", "wrong_episode", "soundtrack", "extra"}
)


def refusals(context: Context) -> tuple[Refusal, ...]:
    """Every reason to turn an offer down; empty when it is accepted."""
    return tuple(refusal for rule in RULES if (refusal := rule(context)) is not None)


__all__ = ["FITNESS", "IDENTITY", "IDENTITY_CODES", "RULES", "Context", "Rule", "refusals"]
