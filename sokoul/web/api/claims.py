"""The claim ledger: what names of releases promised, what was found, and who is believed how far."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from aiohttp import web
from pydantic import BaseModel

from sokoul.domain.trust import Record, points
from sokoul.web.body import parse_query
from sokoul.web.keys import CLAIMS
from sokoul.web.lists import json_answer, listing, page


class Narrowed(BaseModel):
    """Which claims: those of one group, those that were kept or broken."""

    group: str | None = None
    kept: bool | None = None


class ClaimAnswer(BaseModel):
    """One promise of a release's name and what was found in its file."""

    download_id: uuid.UUID
    file_index: int
    release_name: str
    release_group: str | None
    indexers: list[str]
    claim: Literal["plays", "resolution", "codec", "language", "hdr", "runtime"]
    told: str
    found: str
    kept: bool
    at: datetime


class RecordAnswer(BaseModel):
    """What a group's or an indexer's last releases were worth, and the points that follow."""

    name: str
    releases: int
    lied: int
    worst: str | None
    points: int


class TrustAnswer(BaseModel):
    """Everybody of whom something is known, the least believed first."""

    groups: list[RecordAnswer]
    indexers: list[RecordAnswer]


async def claims(request: web.Request) -> web.Response:
    """The newest first; `group` and `kept` (true, false) narrow it down."""
    where, asked = page(request), parse_query(request, Narrowed)
    items, total = await request.app[CLAIMS].page(
        group=asked.group or None, kept=asked.kept, limit=where.limit, offset=where.offset
    )
    return listing([ClaimAnswer(**item) for item in items], total, where)


async def trust(request: web.Request) -> web.Response:
    """Who is believed how far."""
    known = await request.app[CLAIMS].trust()
    return json_answer(TrustAnswer(groups=_records(known.groups), indexers=_records(known.indexers)))


def _records(known: Mapping[str, Record]) -> list[RecordAnswer]:
    found = [
        RecordAnswer(
            name=name,
            releases=record.releases,
            lied=record.lied,
            worst=record.worst,
            points=points(record),
        )
        for name, record in known.items()
    ]
    return sorted(found, key=lambda each: (each.points, each.name))
