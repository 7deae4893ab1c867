"""A series for a film, a film for a series, or no video at all: games, books, music, software."""

from __future__ import annotations

import re

from sokoul.domain.identity import is_series, type_refusal
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Refusal, refuse
from sokoul.domain.rules.context import Context
from sokoul.domain.rules.words import beyond_title
from sokoul.domain.words import phrase

_OTHER_MEDIA = re.compile(
    r"\b(epub|mobi|azw3|audiobook|ebook|e-book|pdf|cbr|cbz|comics?|manga|"
    r"pc.?games?|fitgirl|codex|skidrow|reloaded|razor1911|dodi|gog|steam.?rip|nsw|xci|nsp|ps[2345]|xbox\w*|wii.?u?|"
    r"windows|macos|android|v\d+\.\d+\.\d+)\b",
    re.IGNORECASE,
)
_FAMILIES = {1000: "filed.console", 4000: "filed.software", 6000: "filed.adult", 7000: "filed.book"}
_MOVIES, _TV = 2000, 5000


def wrong_type(context: Context) -> Refusal | None:
    """Refuse what the source files under another kind, or what the name shows to be one."""
    families = {category // 1000 * 1000 for category in context.offer.categories if 1000 <= category < 9000}
    if families and families.isdisjoint({_MOVIES, _TV, 3000, 8000}):
        return refuse("wrong_type.filed", what=phrase(_FAMILIES.get(min(families), "filed.other")))
    if families == {_TV} and context.wanted.work.media_type is MediaType.MOVIE and not context.release.year:
        return refuse("wrong_type.filed_series")
    if families == {_MOVIES} and is_series(context.wanted.work) and not context.release.seasons:
        return refuse("wrong_type.filed_film")
    if not _is_episode(context) and (found := _OTHER_MEDIA.search(beyond_title(context))):
        return refuse("wrong_type.word", word=found.group(1))
    return type_refusal(context.wanted, context.release, context.offer)


def _is_episode(context: Context) -> bool:
    """Numbered and with a picture: such words belong to the episode's own title then."""
    release = context.release
    return is_series(context.wanted.work) and bool(release.episodes) and release.resolution is not None
