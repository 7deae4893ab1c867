"""Trailers, extras, fan edits and parodies instead of the work itself."""

from __future__ import annotations

import re

from sokoul.domain.identity import is_series
from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.words import beyond_title

_WORDS = re.compile(
    r"\b(trailers?|teasers?|featurettes?|(?:digital.)?extras?(?!.?(?:terrestrial|ordinary))|bonus(?:.?(?:disc|features?))?|"
    r"behind.the.scenes|making.?of|deleted.scenes?|bloopers?|gag.?reel|interviews?|promo|clip|review|recap|"
    r"fan.?edit|fan.?film|fan.?made|parody|xxx|honest.trailer|reaction|commentary.only|rifftrax|"
    r"nc(?:op|ed)\d*|documentary)\b",
    re.IGNORECASE,
)


# What an episode may just as well be called.
_EPISODE_TITLES = re.compile(
    r"extras?|bonus|making.?of|bloopers?|interviews?|promo|clip|review|recap|reaction|documentary",
    re.IGNORECASE,
)


def extra(context: Context) -> Refusal | None:
    """Refuse by words outside the title that is asked for; an episode has a title of its own."""
    rest = beyond_title(context)
    found = _WORDS.search(rest)
    if found and context.release.episodes and is_series(context.wanted.work):
        words = (each for each in _WORDS.finditer(rest) if not _EPISODE_TITLES.fullmatch(each.group(1)))
        found = next(words, None)
    if found and not (found.group(1).lower() == "documentary" and _is_documentary(context)):
        return refuse("extra.word", word=found.group(1))
    return None


def _is_documentary(context: Context) -> bool:
    return any(genre.lower().startswith("document") for genre in context.wanted.work.genres)
