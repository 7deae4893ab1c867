"""The answer of a search as its readers get it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from sokoul.domain.debrid import ReadyAt
from sokoul.domain.meaning import Wish, genres
from sokoul.domain.media import MediaType, Work
from sokoul.domain.offer import Offer, Protocol, Reason, Refusal
from sokoul.domain.release import Release
from sokoul.domain.words import say
from sokoul.features.search.model import ProviderState, Result, Search, Stage, Status

Document = dict[str, Any]

# Addresses with such a parameter are fetched by Sokoul alone: they open the indexer to whoever has them.
_SECRET: Final = re.compile(
    r"(?:jackett_)?api_?key|passkey|authkey|torrent_pass|rss_?key|token|auth|secret|uid|pass(?:word)?|key"
)


def document(
    search: Search,
    providers: Sequence[ProviderState],
    results: Sequence[Result],
    *,
    status: Status | None = None,
    duration_ms: int | None = None,
    cached: bool = False,
) -> Document:
    """Everything about one search; `results` best first."""
    told = duration_ms if duration_ms is not None else search.duration_ms
    return {
        "search_id": str(search.id),
        "query": search.wish.query,
        "profile": search.profile,
        "status": status or search.status,
        **meaning(search),
        "providers": [provider(state) for state in sorted(providers, key=lambda state: state.name)],
        "stages": [stage(each) for each in search.stages],
        "results": [result(each) for each in results],
        "cached": cached,
        "duration_ms": told or 0,
        "elapsed_ms": told or elapsed(search),
    }


def elapsed(search: Search) -> int:
    """Milliseconds since somebody asked for it: what the bars of a page begin from."""
    return max(0, round((datetime.now(UTC) - search.created_at).total_seconds() * 1000))


def encoded(told: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def meaning(search: Search) -> Document:
    """What the query was taken to mean, and what else it may mean."""
    return {
        "identified": identified(search.identified) if search.identified else None,
        "candidates": list(search.candidates),
        "understood": understood(search.understood) if search.understood else None,
    }


def understood(wish: Wish) -> Document:
    """A description in its parts."""
    return {
        "by": wish.by,
        "title": wish.title,
        "people": list(wish.people),
        "seen_in": list(wish.seen_in),
        "genres": genres.named(wish.likely_genres),
        "year_from": wish.year_from,
        "year_to": wish.year_to,
        "media_type": wish.media_type,
        "language": wish.language,
        "words": list(wish.words),
    }


def identified(work: Work) -> Document:
    """What the query was taken to mean."""
    return {
        "title": work.title,
        "year": work.year,
        "media_type": "tv" if work.media_type is MediaType.EPISODE else work.media_type,
        "tmdb_id": work.tmdb_id,
        "imdb_id": work.imdb_id,
        "original_title": work.original_title,
        "poster_url": work.poster_url,
        "overview": work.overview,
        "runtime_minutes": work.runtime_minutes,
    }


def candidate(work: Work) -> Document:
    """One of several works that may be meant."""
    told = identified(work)
    del told["runtime_minutes"]
    return told


def offered(told: Mapping[str, Any]) -> Work:
    """A candidate as it was told, as a work again: what identity needs of it."""
    return Work(
        MediaType(told["media_type"]),
        told["title"],
        told["year"],
        original_title=told["original_title"],
        tmdb_id=told["tmdb_id"],
        imdb_id=told["imdb_id"],
    )


def provider(state: ProviderState) -> Document:
    """How one source fared; `error` only where there is one."""
    told: Document = {
        "name": state.name,
        "status": state.status,
        "count": state.count,
        "duration_ms": state.duration_ms,
        "started_ms": state.started_ms,
        "limit_ms": state.limit_ms,
    }
    return told | ({"error": state.error} if state.error else {})


def stage(each: Stage) -> Document:
    """Where time went."""
    late = 0 < each.limit_ms <= each.duration_ms
    told: Document = {
        "name": each.name,
        "status": "running" if each.running else "ok" if not each.error else "timeout" if late else "failed",
        "duration_ms": each.duration_ms,
        "started_ms": each.started_ms,
        "limit_ms": each.limit_ms,
    }
    return told | ({"error": each.error} if each.error else {})


def result(each: Result) -> Document:
    """One release with its verdict."""
    judged, offer = each.judged, each.judged.offer
    return {
        "result_id": str(each.id),
        "title": offer.title,
        "provider": offer.provider,
        "providers": list(judged.providers or (offer.provider,)),
        "protocol": offer.protocol,
        "size_bytes": offer.size_bytes,
        "seeders": offer.seeders,
        "leechers": offer.leechers,
        "info_hash": offer.info_hash,
        "magnet_link": offer.magnet_link,
        "url": offer.url if offer.url and is_shareable(offer) else None,
        "published_at": moment(offer.published_at),
        "media_id": offer.media_id,
        "debrid": [ready(one) for one in offer.debrid],
        "score": judged.score,
        "score_reasons": [reason(one) for one in judged.reasons],
        "confidence": judged.confidence,
        "rejected": judged.rejected,
        "rejections": [one.message for one in judged.refusals],
        "rejection_codes": [one.code for one in judged.refusals],
        "refusals": [refusal(one) for one in judged.refusals],
        "notes": [refusal(one) for one in judged.notes],
        "ai_validated": each.ai_validated,
        "release": release(judged.release),
    }


def ready(one: ReadyAt) -> Document:
    """Where it was seen ready, and when."""
    return {"service": one.service, "ready": True, "learnt_at": moment(one.learnt_at)}


def reason(one: Reason) -> Document:
    """Points and why, in every language: an answer is kept for readers of all of them."""
    return {"points": one.points, "code": one.code, "reason": one.reason, "reason_fr": say("fr", one.said)}


def refusal(one: Refusal) -> Document:
    """What is wrong with it, in every language, and whether time may lift it."""
    return {
        "code": one.code,
        "weight": one.weight,
        "message": one.message,
        "message_fr": say("fr", one.said),
    }


def release(facts: Release) -> Document:
    """What the name states."""
    return {
        "title": facts.title or None,
        "year": facts.year,
        "season": facts.seasons[0] if facts.seasons else None,
        "seasons": list(facts.seasons),
        "episodes": list(facts.episodes),
        "resolution": f"{facts.resolution}p" if facts.resolution else None,
        "source": facts.source,
        "modifier": facts.modifier,
        "video_codec": facts.video_codec,
        "audio": facts.audio,
        "hdr": list(facts.hdr),
        "languages": list(facts.languages),
        "group": facts.group,
        "proper": facts.proper,
        "edition": facts.edition,
        "cam": facts.cam,
    }


def is_shareable(offer: Offer) -> bool:
    """Whether readers may see the address: not one with a key of the household's, nor one with headers."""
    if offer.protocol is Protocol.LIBRARY:
        return True
    if offer.headers:
        return False
    names = (name.lower() for name, _ in parse_qsl(urlsplit(offer.url or "").query, errors="replace"))
    return not any(_SECRET.fullmatch(name) for name in names)


def moment(when: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return when.isoformat().replace("+00:00", "Z") if when else None


def grouped(search_id: uuid.UUID, told: Document) -> Document:
    """The results of a document by source; a release of several sources stands under each."""
    groups = [
        {**state, "results": [each for each in told["results"] if state["name"] in each["providers"]]}
        for state in told["providers"]
    ]
    return {"search_id": str(search_id), "status": told["status"], "items": groups}
