"""The part of a release name that is not the title asked for: words there describe the release."""

from __future__ import annotations

import re
from functools import lru_cache

from sokoul.domain.rules.context import Context


def beyond_title(context: Context) -> str:
    """The name, cut at 255 characters, with the words of the wanted work's titles taken out."""
    if context.seen.text is None:
        context.seen.text = _beyond_title(context)
    return context.seen.text


def _beyond_title(context: Context) -> str:
    name = context.release.name[:255].replace("_", " ")
    work = context.wanted.work
    for pattern in _patterns((work.title, work.original_title or "", *work.aliases)):
        name = pattern.sub(" ", name, count=1)
    return name


@lru_cache(maxsize=256)
def _patterns(titles: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for title in sorted(titles, key=len, reverse=True):
        words = re.findall(r"\w+", title[:255])
        if words:
            patterns.append(
                re.compile(r"(?<!\w)" + r"\W{1,3}".join(map(re.escape, words)) + r"(?!\w)", re.IGNORECASE)
            )
    return tuple(patterns)
