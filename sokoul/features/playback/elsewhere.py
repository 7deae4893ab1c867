"""Playing what a search found where it is: a stream, a file, or a torrent that a debrid service hands out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol as Port
from uuid import UUID

from sokoul.domain.debrid import Service
from sokoul.domain.errors import NotFound, Refused, WrongState
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Offer, Protocol
from sokoul.domain.release import parse
from sokoul.domain.rules.ceiling import above_ceiling

CeilingOf = Callable[[UUID], int | None]


@dataclass(frozen=True, slots=True)
class Subtitle:
    """Text for a stream, at an address of its own."""

    url: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """Bytes at another's server, with the headers that it wants; `playlist` tells that it is HLS."""

    url: str
    quality: str | None = None
    playlist: bool = False
    name: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Streams:
    """What may be played: one of `sources`, the best first."""

    kind: str
    sources: tuple[Stream, ...]
    subtitles: tuple[Subtitle, ...] = ()
    service: Service | None = None


class Results(Port):
    """The search results that a user may read."""

    async def found(self, result_id: UUID, user_id: UUID) -> Offer | None: ...


class Debrid(Port):
    """Has torrents handed out by the user's debrid services."""

    async def film(self, user_id: UUID, magnet: str, info_hash: str) -> tuple[Service, str, str]:
        """The service, the address of the film itself, and its name; raises ProviderUnavailable."""
        ...


class StreamSource(Port):
    """Knows streams of works."""

    async def of_work(
        self, media_type: MediaType, tmdb_id: int, season: int | None, episode: int | None
    ) -> tuple[Sequence[Stream], Sequence[Subtitle]]:
        """Raises NotFound and ProviderUnavailable."""
        ...


class Elsewhere:
    """Finds where the bytes of a search result, or of a work, are."""

    def __init__(
        self, results: Results, debrid: Debrid, streams: StreamSource, ceiling_of: CeilingOf
    ) -> None:
        self._results, self._debrid, self._streams = results, debrid, streams
        self._ceiling_of = ceiling_of

    async def of_work(
        self, media_type: MediaType, tmdb_id: int, season: int | None, episode: int | None, *, user_id: UUID
    ) -> Streams:
        """What the configured source of streams has of a work for this person, within their ceiling.

        Raises NotFound, Refused where everything is above the ceiling, ProviderUnavailable.
        """
        found, subtitles = await self._streams.of_work(media_type, tmdb_id, season, episode)
        most = self._ceiling_of(user_id)
        kept = [one for one in found if most is None or (stated_lines(one.quality) or 0) <= most]
        if found and not kept:
            raise Refused("ceiling", f"every stream of this has more than the {most} lines that you may have")
        return Streams("consumet", best_first(kept), tuple(subtitles))

    async def streams(self, result_id: UUID, *, user_id: UUID) -> Streams:
        """Raises NotFound, WrongState for what is played otherwise, Refused, ProviderUnavailable."""
        found = await self._results.found(result_id, user_id)
        if found is None:
            raise NotFound("There is no such search result")
        if found.protocol is not Protocol.LIBRARY:
            self._within(user_id, found.title)
        if found.protocol is Protocol.TORRENT:
            return await self._torrent(found, user_id)
        if found.protocol in {Protocol.HLS, Protocol.HTTP} and found.url:
            stream = Stream(found.url, None, found.protocol is Protocol.HLS, found.title, found.headers)
            texts = tuple(Subtitle(url, language or None) for language, url in found.subtitles)
            return Streams(found.protocol.value, (stream,), texts)
        raise WrongState("This result is played from the library")

    async def _torrent(self, found: Offer, user_id: UUID) -> Streams:
        if not found.info_hash:
            raise WrongState("Which torrent this is is not known before it is downloaded")
        magnet = found.magnet_link or f"magnet:?xt=urn:btih:{found.info_hash}"
        service, url, name = await self._debrid.film(user_id, magnet, found.info_hash)
        self._within(user_id, PurePosixPath(name).name)
        stream = Stream(url, name=PurePosixPath(name).name)
        return Streams("debrid", (stream,), service=service)

    def _within(self, user_id: UUID, name: str) -> None:
        """Raises `Refused` for a name that states more lines than the person may have."""
        if refusal := above_ceiling(parse(name), self._ceiling_of(user_id)):
            raise Refused(refusal.code, refusal.message)


def best_first(streams: Sequence[Stream]) -> tuple[Stream, ...]:
    """By lines, the most first; what adapts by itself goes before all."""
    return tuple(sorted(streams, key=lambda one: -_rank(one.quality)))


def stated_lines(quality: str | None) -> int | None:
    """How many lines a quality such as `1080p` states; None for what adapts, or says nothing."""
    digits = "".join(letter for letter in quality or "" if letter.isdigit())
    return int(digits[:5]) if digits else None


def _rank(quality: str | None) -> int:
    return 100_000 if quality in {"auto", "default"} else stated_lines(quality) or 0
