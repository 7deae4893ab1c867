"""Searches, how each source fared in them, and their results."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sokoul.domain.debrid import ReadyAt, Service
from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Work
from sokoul.domain.offer import Judged, Offer, Protocol, Reason, Refusal, Weight
from sokoul.domain.release import Release
from sokoul.domain.words import Phrase
from sokoul.features.search.model import (
    Answered,
    NewSearch,
    ProviderState,
    Result,
    Search,
    SearchWish,
    Stage,
    Status,
)
from sokoul.store.database import Database, Row, queries
from sokoul.store.outbox import enqueue

SQL = queries("searches")


class SearchStore:
    """The tables searches, search_providers and search_results."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, new: NewSearch, *, join_since: datetime) -> tuple[uuid.UUID, bool]:
        """Write it with its job, or join a live one of its key, begun after `join_since`: (id, joined)."""
        wish = new.wish
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["lock"], new.cache_key)
            live = await transaction.value(SQL["live"], new.cache_key, join_since)
            if live is not None:
                await transaction.run(SQL["let_read"], live, new.user_id)
                return live, True
            await transaction.run(
                SQL["add"],
                new.id,
                new.user_id,
                new.cache_key,
                wish.query,
                wish.media_type,
                wish.year,
                wish.tmdb_id,
                wish.season,
                wish.episode,
                new.profile,
                new.trail_id,
                new.expires_at,
                new.origin,
            )
            await enqueue(
                transaction,
                "JOBS.search",
                {"id": str(new.id)},
                message_id=f"search-{new.id}",
                trail_id=new.trail_id,
            )
        return new.id, False

    async def one(self, search_id: uuid.UUID) -> Search | None:
        """The search, or None."""
        row = await self._database.row(SQL["one"], search_id)
        return None if row is None else _search(row)

    async def begin(self, search_id: uuid.UUID) -> bool:
        """Mark it running; False where it has ended already, or is not there."""
        return await self._database.value(SQL["begin"], search_id) is not None

    async def identify(
        self,
        search_id: uuid.UUID,
        work: Work | None,
        understood: Wish | None,
        candidates: Sequence[Mapping[str, Any]],
        stages: Sequence[Stage],
    ) -> None:
        """What it is taken to mean (None: just its words), and what else it may mean."""
        told = asdict(work) if work else None
        await self._database.run(
            SQL["identify"],
            search_id,
            told,
            list(candidates),
            [asdict(stage) for stage in stages],
            understood.as_json() if understood else None,
        )

    async def put_providers(self, search_id: uuid.UUID, states: Sequence[ProviderState]) -> None:
        """How sources fare, all in one statement."""
        await self._database.run(
            SQL["put_providers"],
            search_id,
            [state.name for state in states],
            [state.status for state in states],
            [state.count for state in states],
            [state.duration_ms for state in states],
            [state.error for state in states],
            [state.started_ms for state in states],
            [state.limit_ms for state in states],
        )

    async def put_stages(self, search_id: uuid.UUID, stages: Sequence[Stage]) -> None:
        """What runs, and how long it may; a search that has ended keeps what it ended with."""
        await self._database.run(SQL["put_stages"], search_id, [asdict(stage) for stage in stages])

    async def put_results(
        self, search_id: uuid.UUID, results: Sequence[Result], *, expires_at: datetime
    ) -> None:
        """New and changed results, all in one statement."""
        if results:
            rows = [_values(result) for result in results]
            await self._database.run(SQL["put_results"], search_id, rows, expires_at)

    async def finish(
        self,
        search_id: uuid.UUID,
        status: Status,
        *,
        duration_ms: int,
        stages: Sequence[Stage],
        kept: Sequence[uuid.UUID],
        expires_at: datetime,
    ) -> None:
        """Write the end of it, and forget results that are not among `kept`."""
        told = [asdict(stage) for stage in stages]
        async with self._database.transaction() as transaction:
            await transaction.run(SQL["drop_other_results"], search_id, list(kept))
            await transaction.run(SQL["finish"], search_id, status, duration_ms, told, expires_at)

    async def providers(self, search_id: uuid.UUID) -> list[ProviderState]:
        """How each source fared, by name."""
        rows = await self._database.rows(SQL["providers"], search_id)
        return [ProviderState(**{**row, "status": Answered(row["status"])}) for row in rows]

    async def results(self, search_id: uuid.UUID) -> list[Result]:
        """Best first."""
        return [_result(row) for row in await self._database.rows(SQL["results"], search_id)]

    async def let_read(self, search_id: uuid.UUID, user_id: uuid.UUID) -> None:
        """This user was handed the search too."""
        await self._database.run(SQL["let_read"], search_id, user_id)

    async def may_read(self, search_id: uuid.UUID, user_id: uuid.UUID) -> bool:
        """Whether the user asked for it or was handed it, and it has not expired."""
        return await self._database.value(SQL["may_read"], search_id, user_id) is not None

    async def found(self, result_id: uuid.UUID, user_id: uuid.UUID) -> Offer | None:
        """One result as it was offered, where this user may read it."""
        row = await self._database.row(SQL["found"], result_id, user_id)
        return None if row is None else _result(row).judged.offer

    async def score_again(self, search_id: uuid.UUID, trail_id: str) -> None:
        """Leave a job that judges the results anew."""
        async with self._database.transaction() as transaction:
            await enqueue(
                transaction,
                "JOBS.score",
                {"id": str(search_id)},
                message_id=f"score-{search_id}-{uuid.uuid4().hex[:12]}",
                trail_id=trail_id,
            )

    async def drop_expired(self) -> int:
        """Forget searches a day after they expired; how many there were."""
        return int((await self._database.run(SQL["drop_expired"])).rpartition(" ")[2])


def _search(row: Row) -> Search:
    media_type = MediaType(row["media_type"]) if row["media_type"] else None
    return Search(
        id=row["id"],
        user_id=row["user_id"],
        readers=tuple(row["readers"]),
        cache_key=row["cache_key"],
        wish=SearchWish(
            row["query"],
            media_type,
            row["year"],
            row["tmdb_id"],
            row["season"],
            row["episode"],
            row["profile"],
        ),
        profile=row["profile"],
        status=Status(row["status"]),
        identified=work_from(row["identified"]) if row["identified"] else None,
        candidates=tuple(row["candidates"]),
        understood=Wish.from_json(row["understood"]) if row["understood"] else None,
        stages=tuple(Stage(**stage) for stage in row["stages"]),
        duration_ms=row["duration_ms"],
        trail_id=row["trail_id"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        finished=row["finished_at"] is not None,
        origin=row["origin"],
    )


def work_from(values: Mapping[str, Any]) -> Work:
    """A work as `identify` wrote it."""
    told = {**values, "media_type": MediaType(values["media_type"])}
    lists = {name: tuple(told.get(name, ())) for name in ("aliases", "genres", "people", "keywords")}
    return Work(**{**told, **lists})


def _values(result: Result) -> dict[str, Any]:
    judged, offer = result.judged, result.judged.offer
    return {
        "id": str(result.id),
        "guid": result.guid,
        "provider": offer.provider,
        "providers": list(judged.providers or (offer.provider,)),
        "protocol": offer.protocol,
        "title": offer.title,
        "size_bytes": offer.size_bytes,
        "seeders": offer.seeders,
        "leechers": offer.leechers,
        "info_hash": offer.info_hash,
        "magnet_link": offer.magnet_link,
        "url": offer.url,
        "published_at": offer.published_at.isoformat() if offer.published_at else None,
        "score": judged.score,
        "score_reasons": [{"points": reason.points, **reason.said.as_json()} for reason in judged.reasons],
        "rejections": [_refusal_values(refusal) for refusal in judged.refusals],
        "notes": [_refusal_values(note) for note in judged.notes],
        "ai_validated": result.ai_validated,
        "release": asdict(judged.release),
        "media_id": offer.media_id,
        "facts": {
            "offer_guid": offer.guid,
            "tmdb_id": offer.tmdb_id,
            "imdb_id": offer.imdb_id,
            "tvdb_id": offer.tvdb_id,
            "flags": offer.flags,
            "categories": offer.categories,
            "confidence": judged.confidence,
            "format_score": judged.format_score,
            "debrid": [asdict(one) for one in offer.debrid],
            "headers": offer.headers,
            "subtitles": offer.subtitles,
        },
    }


def _refusal_values(refusal: Refusal) -> dict[str, Any]:
    """The code stands beside the sentence, for other queries ask for it."""
    return {"code": refusal.code, "weight": refusal.weight, **refusal.said.as_json()}


def _refusal(told: Mapping[str, Any]) -> Refusal:
    return Refusal(Phrase.from_json(told), Weight(told["weight"]))


def _pairs(told: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in told or ())


def _ready(told: Mapping[str, Any]) -> ReadyAt:
    return ReadyAt(Service(told["service"]), datetime.fromisoformat(told["learnt_at"]))


def _result(row: Row) -> Result:
    facts = row["facts"]
    offer = Offer(
        guid=facts.get("offer_guid") or row["guid"],
        title=row["title"],
        provider=row["provider"],
        protocol=Protocol(row["protocol"]),
        size_bytes=row["size_bytes"],
        seeders=row["seeders"],
        leechers=row["leechers"],
        info_hash=row["info_hash"],
        magnet_link=row["magnet_link"],
        url=row["url"],
        published_at=row["published_at"],
        categories=tuple(facts.get("categories") or ()),
        tmdb_id=facts.get("tmdb_id"),
        imdb_id=facts.get("imdb_id"),
        media_id=str(row["media_id"]) if row["media_id"] else None,
        tvdb_id=facts.get("tvdb_id"),
        flags=tuple(facts.get("flags") or ()),
        debrid=tuple(_ready(one) for one in facts.get("debrid") or ()),
        headers=_pairs(facts.get("headers")),
        subtitles=_pairs(facts.get("subtitles")),
    )
    told: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row["release"].items()}
    judged = Judged(
        offer,
        Release(**told),
        row["score"],
        tuple(Reason(reason["points"], Phrase.from_json(reason)) for reason in row["score_reasons"]),
        tuple(_refusal(refusal) for refusal in row["rejections"]),
        tuple(_refusal(note) for note in row["notes"]),
        tuple(row["providers"]),
        facts.get("confidence") or 0.0,
        facts.get("format_score") or 0,
    )
    return Result(row["id"], row["guid"], judged, row["ai_validated"])
