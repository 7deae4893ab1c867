"""What is wrong with a profile: every fault with the field it is in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sokoul.domain.formats import BadPattern, Condition, pattern
from sokoul.domain.formats.model import (
    FLAGS,
    MODIFIERS,
    PATTERNS,
    RANGES,
    RELEASE_TYPES,
    SOURCES,
    Kind,
)
from sokoul.domain.ladder import BY_NAME
from sokoul.domain.quality import QualityProfile
from sokoul.domain.wordlist import read_word

MOST_CONDITIONS = 3000
_WORDS = {
    Kind.SOURCE: SOURCES,
    Kind.MODIFIER: MODIFIERS,
    Kind.FLAG: FLAGS,
    Kind.RELEASE_TYPE: RELEASE_TYPES,
}

MOST_SECONDS = 2.0

Fault = tuple[str, str]


@dataclass(slots=True)
class Spent:
    """The time that trials took."""

    seconds: float = 0.0


def faults(profile: QualityProfile, *, tried: bool = True) -> list[Fault]:
    """All of them; with `tried` expressions are also run against texts made to tire them (blocks)."""
    return [
        *_ladder(profile),
        *_sizes(profile),
        *_formats(profile, tried=tried),
        *_words(profile, tried=tried),
    ]


def _ladder(profile: QualityProfile) -> Iterator[Fault]:
    if not profile.steps:
        if profile.minimum > profile.cutoff:
            yield "cutoff", f"{profile.cutoff}p is below the minimum {profile.minimum}p"
        return
    counted = Counter(quality for step in profile.steps for quality in step.qualities)
    for place, step in enumerate(profile.steps):
        for quality in step.qualities:
            if quality not in BY_NAME:
                yield f"steps.{place}.qualities", f"there is no quality {quality!r}"
            elif counted[quality] > 1:
                yield f"steps.{place}.qualities", f"{quality} stands on the ladder more than once"
    names = Counter(step.name for step in profile.steps)
    for place, step in enumerate(profile.steps):
        if names[step.name] > 1:
            yield f"steps.{place}.name", f"there are several steps named {step.name!r}"
    allowed = {step.name for step in profile.steps if step.allowed}
    if not allowed:
        yield "steps", "allow one quality at least"
    elif profile.until not in allowed:
        yield "until", f"{profile.until!r} is no allowed step of the ladder"


def _sizes(profile: QualityProfile) -> Iterator[Fault]:
    for place, limit in enumerate(profile.sizes):
        if limit.quality not in BY_NAME:
            yield f"sizes.{place}.quality", f"there is no quality {limit.quality!r}"
        told = [value for value in (limit.least, limit.preferred, limit.most) if value is not None]
        if told != sorted(told):
            yield f"sizes.{place}", "least, preferred and most should not fall"


def _formats(profile: QualityProfile, *, tried: bool) -> Iterator[Fault]:
    if sum(len(scored.format.conditions) for scored in profile.formats) > MOST_CONDITIONS:
        yield "formats", f"more than {MOST_CONDITIONS} conditions in all"
        return
    names, spent = Counter(scored.format.name for scored in profile.formats), Spent()
    for place, scored in enumerate(profile.formats):
        if names[scored.format.name] > 1:
            yield f"formats.{place}.name", f"there are several formats named {scored.format.name!r}"
        if not scored.format.conditions:
            yield f"formats.{place}.conditions", "has none; it would never fit"
        for number, condition in enumerate(scored.format.conditions):
            for field, message in condition_faults(condition, tried=tried, spent=spent):
                yield f"formats.{place}.conditions.{number}.{field}", message


def condition_faults(
    condition: Condition, *, tried: bool = True, spent: Spent | None = None
) -> Iterator[Fault]:
    """What is wrong with one condition; the time of its trial is added to `spent`."""
    kind, value = condition.kind, condition.value
    if kind in PATTERNS:
        yield from _pattern(value, tried=tried, spent=spent or Spent())
    elif kind in RANGES:
        if condition.least is None and condition.most is None:
            yield "least", "give a least or a most"
        elif condition.least is not None and condition.most is not None and condition.least > condition.most:
            yield "most", "is below the least"
    elif kind in _WORDS:
        if value not in _WORDS[kind]:
            yield "value", f"should be one of {', '.join(_WORDS[kind])}"
    elif kind is Kind.RESOLUTION:
        if not (value.isascii() and value.isdigit() and len(value) < 5):
            yield "value", "should be a height in lines such as 1080"
    elif value != "original" and not (value.isascii() and value.isalpha() and len(value) == 2):
        yield "value", "should be a code of two letters such as fr, or original"


def _pattern(value: str, *, tried: bool, spent: Spent) -> Iterator[Fault]:
    if spent.seconds > MOST_SECONDS:
        yield "value", "takes too long to try out with those before it; make them simpler"
        return
    started = time.thread_time()
    try:
        compiled = pattern(value)
        if tried:
            compiled.try_out()
    except BadPattern as err:
        yield "value", str(err)
    spent.seconds += time.thread_time() - started


def _words(profile: QualityProfile, *, tried: bool) -> Iterator[Fault]:
    spent = Spent()
    for field in ("must", "must_not"):
        for place, word in enumerate(getattr(profile, field)):
            for _, message in _pattern(read_word(word), tried=tried, spent=spent):
                yield f"{field}.{place}", message
