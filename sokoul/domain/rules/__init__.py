"""Everything that can turn an offer down: one refusal a file, pure, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sokoul.domain.offer import Refusal, Weight
from sokoul.domain.rules.ambiguous import ambiguous
from sokoul.domain.rules.anime_version import anime_version
from sokoul.domain.rules.before_air_date import before_air_date
from sokoul.domain.rules.blocked_flags import blocked_flags
from sokoul.domain.rules.blocklisted import blocklisted
from sokoul.domain.rules.cam import cam
from sokoul.domain.rules.ceiling import ceiling
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.dangerous_file import dangerous_file
from sokoul.domain.rules.delayed import delayed
from sokoul.domain.rules.extra import extra
from sokoul.domain.rules.facts import Facts
from sokoul.domain.rules.few_seeders import few_seeders
from sokoul.domain.rules.format_score import format_score
from sokoul.domain.rules.free_space import free_space
from sokoul.domain.rules.grabbed import grabbed
from sokoul.domain.rules.hardcoded_subs import hardcoded_subs
from sokoul.domain.rules.imported import imported
from sokoul.domain.rules.language import language
from sokoul.domain.rules.maximum_size import maximum_size
from sokoul.domain.rules.minimum_age import minimum_age
from sokoul.domain.rules.more_episodes import more_episodes
from sokoul.domain.rules.multi_season import multi_season
from sokoul.domain.rules.not_all_aired import not_all_aired
from sokoul.domain.rules.not_available import not_available
from sokoul.domain.rules.not_monitored import not_monitored
from sokoul.domain.rules.owned import owned
from sokoul.domain.rules.pack_only import pack_only
from sokoul.domain.rules.proper import proper
from sokoul.domain.rules.quality import quality
from sokoul.domain.rules.queued import queued
from sokoul.domain.rules.raw_disk import raw_disk
from sokoul.domain.rules.removed import removed
from sokoul.domain.rules.repack import repack
from sokoul.domain.rules.required_flags import required_flags
from sokoul.domain.rules.sample import sample
from sokoul.domain.rules.screen import screen
from sokoul.domain.rules.screener import screener
from sokoul.domain.rules.soundtrack import soundtrack
from sokoul.domain.rules.split_episode import split_episode
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
    split_episode,
    maximum_size,
    required_flags,
    blocked_flags,
)
# What spares work or waits: whoever searches by hand is told and may take it all the same.
HOUSEHOLD: tuple[Rule, ...] = (
    ambiguous,
    owned,
    proper,
    repack,
    anime_version,
    more_episodes,
    queued,
    grabbed,
    imported,
    removed,
    multi_season,
    pack_only,
    not_monitored,
    before_air_date,
    not_available,
    not_all_aired,
    minimum_age,
    delayed,
    free_space,
)
RULES: tuple[Rule, ...] = IDENTITY + FITNESS + HOUSEHOLD

# The codes that say "this is something else", whatever its quality.
IDENTITY_CODES = frozenset(
    {"wrong_title", "wrong_year", "wrong_type", "wrong_episode", "soundtrack", "extra"}
)


def refusals(context: Context) -> tuple[tuple[Refusal, ...], tuple[Refusal, ...]]:
    """Every reason to turn an offer down (none: it is accepted), and what is only to be known."""
    against = tuple(refusal for rule in IDENTITY + FITNESS if (refusal := rule(context)) is not None)
    household = tuple(refusal for rule in HOUSEHOLD if (refusal := rule(context)) is not None)
    if not context.facts.by_hand:
        return against + household, ()
    return against, tuple(replace(refusal, weight=Weight.INFORMS) for refusal in household)


__all__ = [
    "FITNESS",
    "HOUSEHOLD",
    "IDENTITY",
    "IDENTITY_CODES",
    "RULES",
    "Context",
    "Facts",
    "Rule",
    "refusals",
]
