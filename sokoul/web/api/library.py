"""What a person likes, wants and watches; the bin and scans."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from sokoul.domain.errors import NotFound
from sokoul.domain.media import MediaType
from sokoul.features.library.personal import Favorite, Status, Watched, Wish
from sokoul.features.library.service import MediaRef
from sokoul.web.api.media import Identifier, MediaAnswer, shown
from sokoul.web.auth import user
from sokoul.web.body import Body, parse, path_id
from sokoul.web.keys import LIBRARY
from sokoul.web.lists import accepted, created, json_answer, listing, nothing, page

Seconds = Annotated[float, Field(ge=0, le=604_800)]


class MediaRefBody(Body):
    """A title by its own id, or by TMDB's: then its row is made."""

    media_id: uuid.UUID | None = None
    tmdb_id: Identifier | None = None
    media_type: Literal["movie", "tv"] | None = None

    def wanted(self) -> MediaRef:
        """For the library."""
        return MediaRef(self.media_id, self.tmdb_id, MediaType(self.media_type) if self.media_type else None)


class WishBody(MediaRefBody):
    """A title to be watched some day."""

    priority: Annotated[int, Field(ge=-1000, le=1000)] = 0
    auto_download: bool = True
    profile: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class WatchBody(MediaRefBody):
    """How far somebody is."""

    progress_seconds: Seconds
    total_seconds: Annotated[float, Field(gt=0, le=604_800)]


class FavoriteAnswer(BaseModel):
    """A liked title."""

    media_id: uuid.UUID
    media: MediaAnswer
    added_at: datetime


class WishAnswer(BaseModel):
    """A title on the watchlist."""

    media_id: uuid.UUID
    media: MediaAnswer
    priority: int
    auto_download: bool
    profile: str | None
    added_at: datetime


class WatchedAnswer(BaseModel):
    """How far somebody is in a film or an episode; `resume_at` in seconds."""

    id: uuid.UUID
    media_id: uuid.UUID
    media: MediaAnswer
    series: MediaAnswer | None
    progress_seconds: float
    total_seconds: float
    resume_at: float
    is_completed: bool
    watched_at: datetime


class StatusAnswer(BaseModel):
    """Everything the caller has of one title; no `media_id` means that it was never heard of here."""

    media_id: uuid.UUID | None
    in_library: bool
    favorite: bool
    watchlist: bool
    watched: bool
    is_completed: bool
    progress_seconds: float | None
    total_seconds: float | None


class BinnedAnswer(BaseModel):
    """A file in the bin; POST /media/{media_id}/restore brings it back."""

    id: uuid.UUID
    media_id: uuid.UUID
    title: str
    original_path: str
    removed_at: datetime


async def favorites(request: web.Request) -> web.Response:
    """What the caller likes, the latest first."""
    where = page(request)
    store = request.app[LIBRARY].personal.store
    items, total = await store.favorites(user(request).id, limit=where.limit, offset=where.offset)
    return listing([_favorite(one) for one in items], total, where)


async def add_favorite(request: web.Request) -> web.Response:
    """Like a title; liking it twice is once."""
    library, who = request.app[LIBRARY], user(request)
    media_id = await library.resolve((await parse(request, MediaRefBody)).wanted())
    return created(_favorite(await library.personal.store.add_favorite(who.id, media_id)))


async def drop_favorite(request: web.Request) -> web.Response:
    """Like it no more."""
    media_id = path_id(request, "media_id")
    await request.app[LIBRARY].personal.store.drop_favorite(user(request).id, media_id)
    return nothing()


async def watchlist(request: web.Request) -> web.Response:
    """What the caller wants to watch, the most wanted first."""
    where = page(request)
    store = request.app[LIBRARY].personal.store
    items, total = await store.wishes(user(request).id, limit=where.limit, offset=where.offset)
    return listing([_wish(one) for one in items], total, where)


async def add_wish(request: web.Request) -> web.Response:
    """Put a title on the watchlist, or change how it stands there."""
    library, who = request.app[LIBRARY], user(request)
    body = await parse(request, WishBody)
    media_id = await library.resolve(body.wanted())
    wish = await library.personal.store.add_wish(
        who.id,
        media_id,
        priority=body.priority,
        auto_download=body.auto_download,
        profile=body.profile,
    )
    return created(_wish(wish))


async def drop_wish(request: web.Request) -> web.Response:
    """Take it off the watchlist."""
    await request.app[LIBRARY].personal.store.drop_wish(user(request).id, path_id(request, "media_id"))
    return nothing()


async def status(request: web.Request) -> web.Response:
    """What the caller has of a title of the library."""
    found = await request.app[LIBRARY].status(user(request).id, MediaRef(path_id(request, "media_id")))
    return json_answer(_status(found))


async def status_by_tmdb(request: web.Request) -> web.Response:
    """The same by TMDB's id."""
    number, kind = request.match_info["tmdb_id"], request.match_info["media_type"]
    if not (number.isascii() and number.isdecimal() and len(number) < 10) or kind not in ("movie", "tv"):
        raise NotFound("There is no such title")
    wanted = MediaRef(None, int(number), MediaType(kind))
    return json_answer(_status(await request.app[LIBRARY].status(user(request).id, wanted)))


async def watch(request: web.Request) -> web.Response:
    """Note how far the caller is."""
    library, who = request.app[LIBRARY], user(request)
    body = await parse(request, WatchBody)
    media_id = await library.resolve(body.wanted())
    entry = await library.personal.watch(who.id, media_id, body.progress_seconds, body.total_seconds)
    return json_answer(_watched(entry))


async def continue_watching(request: web.Request) -> web.Response:
    """What the caller has begun and not seen to its end, the latest first."""
    return await _history(request, completed=False)


async def seen(request: web.Request) -> web.Response:
    """What the caller has seen, the latest first."""
    return await _history(request, completed=True)


async def forget(request: web.Request) -> web.Response:
    """Forget that the caller watched it."""
    await request.app[LIBRARY].personal.store.drop_history(user(request).id, path_id(request))
    return nothing()


async def scan(request: web.Request) -> web.Response:
    """Have the folders scanned."""
    return accepted({"task_id": await request.app[LIBRARY].ask_scan(user(request).id)})


async def binned(request: web.Request) -> web.Response:
    """What lies in the bin, the latest first."""
    where = page(request)
    items, total = await request.app[LIBRARY].remover.page(limit=where.limit, offset=where.offset)
    answers = [
        BinnedAnswer(
            id=one.id,
            media_id=one.media_id,
            title=one.title,
            original_path=one.original_path,
            removed_at=one.removed_at,
        )
        for one in items
    ]
    return listing(answers, total, where)


async def empty_bin(request: web.Request) -> web.Response:
    """Delete the binned files of a title for good."""
    await request.app[LIBRARY].remover.empty(path_id(request, "media_id"))
    return nothing()


async def _history(request: web.Request, *, completed: bool) -> web.Response:
    where, store = page(request), request.app[LIBRARY].personal.store
    items, total = await store.history(
        user(request).id, completed=completed, limit=where.limit, offset=where.offset
    )
    return listing([_watched(one) for one in items], total, where)


def _favorite(one: Favorite) -> FavoriteAnswer:
    return FavoriteAnswer(media_id=one.media.id, media=shown(one.media), added_at=one.added_at)


def _wish(one: Wish) -> WishAnswer:
    return WishAnswer(
        media_id=one.media.id,
        media=shown(one.media),
        priority=one.priority,
        auto_download=one.auto_download,
        profile=one.profile,
        added_at=one.added_at,
    )


def _watched(one: Watched) -> WatchedAnswer:
    return WatchedAnswer(
        id=one.id,
        media_id=one.media.id,
        media=shown(one.media),
        series=shown(one.series) if one.series else None,
        progress_seconds=one.progress_seconds,
        total_seconds=one.total_seconds,
        resume_at=one.resume_at,
        is_completed=one.is_completed,
        watched_at=one.watched_at,
    )


def _status(one: Status) -> StatusAnswer:
    return StatusAnswer(
        media_id=one.media_id,
        in_library=one.in_library,
        favorite=one.favorite,
        watchlist=one.watchlist,
        watched=one.watched,
        is_completed=one.watched,
        progress_seconds=one.progress_seconds,
        total_seconds=one.total_seconds,
    )
