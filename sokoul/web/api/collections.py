"""Collections: ordered lists of titles, one's own and everybody's public ones."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, Field

from sokoul.features.library.collections import Collection
from sokoul.web.api.library import MediaRefBody
from sokoul.web.api.media import MediaAnswer, shown
from sokoul.web.auth import user
from sokoul.web.body import Body, parse, path_id
from sokoul.web.keys import LIBRARY
from sokoul.web.lists import created, json_answer, listing, nothing, page


class CollectionBody(Body):
    """A new collection."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=2000)] = ""
    public: bool = False


class CollectionChangeBody(Body):
    """What is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    description: Annotated[str, Field(max_length=2000)] | None = None
    public: bool | None = None


class CollectionMediaBody(MediaRefBody):
    """A title for a collection; without a position it goes to the end."""

    position: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class CollectionAnswer(BaseModel):
    """A collection; its titles only when one is asked for."""

    id: uuid.UUID
    owner_id: uuid.UUID
    name: str
    description: str
    public: bool
    mine: bool
    media_count: int
    created_at: datetime
    updated_at: datetime
    media: list[MediaAnswer] | None = None


async def collections(request: web.Request) -> web.Response:
    """The caller's collections and everybody's public ones, by name."""
    where, who = page(request), user(request)
    found = request.app[LIBRARY].collections
    items, total = await found.page(who.id, limit=where.limit, offset=where.offset)
    return listing([_collection(one, who.id) for one in items], total, where)


async def collection(request: web.Request) -> web.Response:
    """One collection with its titles in order."""
    return await _one_collection(request, path_id(request))


async def add_collection(request: web.Request) -> web.Response:
    """A new collection."""
    who, body = user(request), await parse(request, CollectionBody)
    made = await request.app[LIBRARY].collections.add(who.id, body.name, body.description, public=body.public)
    return created(_collection(made, who.id))


async def change_collection(request: web.Request) -> web.Response:
    """Rename, describe, publish; only one's own."""
    who, body = user(request), await parse(request, CollectionChangeBody)
    changed = await request.app[LIBRARY].collections.change(
        who.id, path_id(request), name=body.name, description=body.description, public=body.public
    )
    return json_answer(_collection(changed, who.id))


async def drop_collection(request: web.Request) -> web.Response:
    """Delete a collection, not its titles; only one's own."""
    await request.app[LIBRARY].collections.drop(user(request).id, path_id(request))
    return nothing()


async def put_in_collection(request: web.Request) -> web.Response:
    """Add a title to a collection of one's own, or move it there."""
    library, who, collection_id = request.app[LIBRARY], user(request), path_id(request)
    body = await parse(request, CollectionMediaBody)
    media_id = await library.resolve(body.wanted())
    await library.collections.put(who.id, collection_id, media_id, body.position)
    return await _one_collection(request, collection_id, status=201)


async def take_from_collection(request: web.Request) -> web.Response:
    """Take a title out of a collection of one's own."""
    media_id = path_id(request, "media_id")
    await request.app[LIBRARY].collections.take(user(request).id, path_id(request), media_id)
    return nothing()


async def _one_collection(
    request: web.Request, collection_id: uuid.UUID, *, status: int = 200
) -> web.Response:
    found, who = request.app[LIBRARY].collections, user(request)
    one = _collection(await found.one(who.id, collection_id), who.id)
    one.media = [shown(title) for title in await found.media(who.id, collection_id)]
    return json_answer(one, status=status)


def _collection(one: Collection, user_id: uuid.UUID) -> CollectionAnswer:
    return CollectionAnswer(
        id=one.id,
        owner_id=one.owner_id,
        name=one.name,
        description=one.description,
        public=one.public,
        mine=one.owner_id == user_id,
        media_count=one.media_count,
        created_at=one.created_at,
        updated_at=one.updated_at,
    )
