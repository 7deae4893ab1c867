"""What a Consumet-compatible server says, read without trust; what is of the wrong type counts as absent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from sokoul.domain.errors import ProviderUnavailable, Refused
from sokoul.providers.text import clean
from sokoul.remote import LONGEST_URL, Headers, passed

_MOST: Final = 50
_LINES: Final = re.compile(r"(\d{3,4})p?", re.IGNORECASE)

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One stream: `lines` where its quality tells them."""

    url: str
    quality: str
    playlist: bool

    @property
    def lines(self) -> int | None:
        """Of the picture."""
        found = _LINES.fullmatch(self.quality)
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Watch:
    """The streams of a film or episode, the headers that all want, and subtitles as (language, url)."""

    sources: tuple[Source, ...]
    headers: Headers = ()
    subtitles: tuple[tuple[str, str], ...] = ()


def document(body: bytes, name: str) -> Document:
    """The JSON object; raises ProviderUnavailable."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ProviderUnavailable(
            f"{name} answered with something that is no Consumet answer",
            cure="Check `providers.consumet.url`: it is the address before /meta/tmdb.",
        )
    return told


def episode_of(info: Document, season: int | None, episode: int | None) -> str | None:
    """The id under which the film, or that episode, is watched."""
    if season is None or episode is None:
        return _id(info.get("episodeId"))
    for number, told in _episodes(info):
        if number == season and episode in {told.get("episode"), told.get("number")}:
            return _id(told.get("id"))
    return None


def media_id(info: Document) -> str | None:
    """The id of the work at the server's own source."""
    return _id(info.get("id"))


def watch(told: Document) -> Watch:
    """The streams; those that cannot be asked for safely are left out."""
    sources = tuple(_sources(_list(told.get("sources"))))
    try:
        headers = passed(_strings(told.get("headers")))
    except Refused:
        return Watch(())
    return Watch(sources, headers, tuple(_subtitles(_list(told.get("subtitles")))))


def _episodes(info: Document) -> Iterator[tuple[Any, Document]]:
    for season in _list(info.get("seasons")):
        for told in _list(season.get("episodes")):
            yield season.get("season"), told
    for told in _list(info.get("episodes")):
        yield told.get("season"), told


def _sources(told: list[Document]) -> Iterator[Source]:
    for one in told[:_MOST]:
        url = _url(one.get("url"))
        if url is not None:
            quality = clean(str(one.get("quality") or "auto"), 20).lower()
            playlist = one.get("isM3U8") is True or urlsplit(url).path.lower().endswith(".m3u8")
            yield Source(url, quality, playlist)


def _subtitles(told: list[Document]) -> Iterator[tuple[str, str]]:
    for one in told[:_MOST]:
        url = _url(one.get("url"))
        # Thumbnails are listed among them.
        if url is not None and (language := clean(str(one.get("lang") or ""), 40)).lower() != "thumbnails":
            yield language, url


def _strings(told: Any) -> list[tuple[str, str]]:
    if not isinstance(told, dict):
        return []
    return [(str(name), value) for name, value in list(told.items())[:_MOST] if isinstance(value, str)]


def _list(told: Any) -> list[Document]:
    return [one for one in told[:5000] if isinstance(one, dict)] if isinstance(told, list) else []


def _url(told: Any) -> str | None:
    if not isinstance(told, str) or len(told) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(told)
    except ValueError:
        return None
    return told if parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc else None


def _id(told: Any) -> str | None:
    text = str(told) if isinstance(told, str | int) and not isinstance(told, bool) else ""
    return text if 0 < len(text) <= 500 and text.isprintable() else None
