"""A series for a film, a film for a series, or no video at all: games, books, music, software."""

from __future__ import annotations

import re

from sokoul.domain.identity import is_series, type_refusal
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Refusal
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.words import beyond_title

_OTHER_MEDIA = re.compile(
    r"\b(epub|mobi|azw3|audiobook|ebook|e-book|pdf|cbr|cbz|comics?|manga|"
    r"pc.?games?|fitgirl|codex|skidrow|reloaded|razor1911|dodi|gog|steam.?rip|nsw|xci|nsp|ps[2345]|xbox\w*|wii.?u?|"
    r"windows|macos|android|v\d+\.\d+\.\d+)\b",
    re.IGNORECASE,
)
_FAMILIES = {1000: "a console game", 4000: "software", 6000: "an adult film", 7000: "a book"}
_MOVIES, _TV = 2000, 5000


def wrong_type(context: Context) -> Refusal | None:
    """Refuse what the source files under another kind, or what the name shows to be one."""
    families = {category // 1000 * 1000 for category in context.offer.categories if 1000 <= category < 9000}
    if families and families.isdisjoint({_MOVIES, _TV, 3000, 8000}):
        return Refusal(
            "wrong_type", f"The source files it as {_FAMILIES.get(min(families), 'something else')}"
        )
    if families == {_TV} and context.wanted.work.media_type is MediaType.MOVIE and not context.release.year:
        return Refusal("wrong_type", "The source files it as a series; a film was asked for")
    if families == {_MOVIES} and is_series(context.wanted.work) and not context.release.seasons:
        return Refusal("wrong_type", "The source files it as a film; a series was asked for")
    if found := _OTHER_MEDIA.search(beyond_title(context)):
        return Refusal("wrong_type", f"“{found.group(1)}” in the name says that it is not a video")
    return type_refusal(context.wanted, context.release, context.offer)
