"""An indexer on loopback that speaks Torznab, Jackett and Prowlarr: `python -m sokoul.testing.fake_indexer`.

Torznab answers at `/api` and `/torznab/api`, Jackett under `/api/v2.0/indexers/all/results/torznab`, Prowlarr
under `/api/v1`, .torrent files under `/download`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiohttp import web

from sokoul.testing import fake_feeds as feeds
from sokoul.testing.catalogue import words_of
from sokoul.testing.fake_flaresolverr import check_page, is_cleared
from sokoul.testing.serving import Answer, FakeServer, document, run_by_hand

_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FakeRelease:
    """One release; what is None is not told. `torrent` is the .torrent file served for it."""

    title: str
    size: int | None = 8_000_000_000
    seeders: int | None = 50
    leechers: int | None = 5
    category: int = 2000
    info_hash: str | None = None
    magnet: str | None = None
    torrent: bytes | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    published: datetime = _DAY

    @property
    def guid(self) -> str:
        """The same for the same title, size and hash."""
        text = f"{self.title}|{self.size}|{self.info_hash}"
        return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class FakeIndexer(FakeServer):
    """Offers `releases`: all of them, with `strict` those that have every word, with `loose` the first word.

    `hang` delays, `status` and `body` replace every answer; `error` (code, words) is a Newznab error;
    `params` is what caps promises of movie-search and tv-search; `checked` puts a browser check before it.
    """

    def __init__(
        self,
        releases: Iterable[FakeRelease] = (),
        *,
        name: str = "Fake",
        api_key: str | None = "fake-key",
        strict: bool = False,
        loose: bool = False,
        params: str = "q",
        page_size: int = 100,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(host=host, port=port)
        self.releases = list(releases)
        self.name, self.api_key, self.strict = name, api_key, strict
        self.loose = loose
        self.params, self.page_size = params, page_size
        self.error: tuple[int, str] | None = None
        self.checked = False

    @property
    def torznab_url(self) -> str:
        """What an indexer of type `torznab` takes; `jackett` and `prowlarr` take `url`."""
        return f"{self.url}/api"

    @property
    def searches(self) -> list[dict[str, str]]:
        """The parameters of every search asked for, without the key."""
        asked = [dict(r.query) for r in self.requests if "q" in r.query or "query" in r.query or _ids(r)]
        return [{k: v for k, v in q.items() if k != "apikey"} for q in asked]

    def routes(self) -> list[web.RouteDef]:
        jackett = "/api/v2.0/indexers/{indexer}/results/torznab"
        return [
            *(web.get(path, self._torznab) for path in ("/api", "/torznab/api")),
            *(web.get(jackett + end, self._torznab) for end in ("", "/", "/api")),
            web.get("/api/v1/search", self._prowlarr_search),
            web.get("/api/v1/system/status", self._prowlarr_status),
            web.get("/api/v1/indexer", self._prowlarr_indexers),
            web.get("/download/{guid:[0-9a-f]{40}}.torrent", self._download),
        ]

    async def _faults(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        if self.checked and not is_cleared(request):
            self.requests.append(request)
            return check_page()
        return await super()._faults(request, answer)

    async def _torznab(self, request: web.Request) -> web.Response:
        if self.error is not None:
            return _xml(feeds.error(*self.error))
        if request.query.get("t") == "caps":
            return _xml(feeds.caps(self.name, self.params, self.page_size))
        if self.api_key is not None and request.query.get("apikey") != self.api_key:
            return _xml(feeds.error(100, "Invalid API Key"))
        if request.query.get("t") not in {"search", "movie", "tvsearch"}:
            return _xml(feeds.error(202, "No such function"))
        found = self._found(request.query.get("q", ""), request.query.get("imdbid"))
        start, size = _number(request, "offset", 0), _number(request, "limit", self.page_size)
        page = found[start : start + min(size, self.page_size)]
        return _xml(feeds.rss(self.name, self.url, page, offset=start, total=len(found)))

    async def _prowlarr_search(self, request: web.Request) -> web.Response:
        self._check_prowlarr(request)
        found = self._found(request.query.get("query", ""), None)
        size = _number(request, "limit", self.page_size)
        return document([feeds.prowlarr_release(self.name, self.url, r) for r in found[:size]])

    async def _prowlarr_status(self, request: web.Request) -> web.Response:
        self._check_prowlarr(request)
        return document(feeds.prowlarr_status())

    async def _prowlarr_indexers(self, request: web.Request) -> web.Response:
        self._check_prowlarr(request)
        return document([{"id": 1, "name": self.name, "enable": True, "protocol": "torrent"}])

    async def _download(self, request: web.Request) -> web.Response:
        wanted = request.match_info["guid"]
        release = next((r for r in self.releases if r.guid == wanted and r.torrent), None)
        if release is None:
            raise web.HTTPNotFound
        return web.Response(body=release.torrent, content_type="application/x-bittorrent")

    def _check_prowlarr(self, request: web.Request) -> None:
        given = request.headers.get("X-Api-Key") or request.query.get("apikey")
        if self.api_key is not None and given != self.api_key:
            raise web.HTTPUnauthorized(text='{"error": "Unauthorized"}', content_type="application/json")

    def _found(self, text: str, imdb_id: str | None) -> Sequence[FakeRelease]:
        if not self.strict and not self.loose:
            return self.releases
        if imdb_id:
            return [r for r in self.releases if r.imdb_id and r.imdb_id[2:] == imdb_id.removeprefix("tt")]
        needed = set(words_of(text)[: 1 if self.loose else None])
        return [r for r in self.releases if needed <= set(words_of(r.title.replace(".", " ")))]


def sample_releases() -> list[FakeRelease]:
    """A mixed handful for a run by hand."""
    names = (
        ("Dune.Part.Two.2024.2160p.WEB-DL.DDP5.1.Atmos.DV.H.265-FLUX", 21_000_000_000, 340),
        ("Dune.Part.Two.2024.1080p.BluRay.DDP7.1.x265-NTb", 9_000_000_000, 210),
        ("Dune.Part.Two.2024.1080p.HDCAM.x264-C1NEM4", 2_500_000_000, 900),
        ("Dune.2021.1080p.BluRay.x264-SPARKS", 11_000_000_000, 150),
        ("Big.Buck.Bunny.2008.1080p.BluRay.x264-OPEN", 700_000_000, 40),
    )
    return [
        FakeRelease(
            title,
            size,
            seeders,
            info_hash=hashlib.sha1(title.encode(), usedforsecurity=False).hexdigest(),
            published=_DAY + timedelta(days=number),
        )
        for number, (title, size, seeders) in enumerate(names)
    ]


def _ids(request: Any) -> bool:
    return any(name in request.query for name in ("imdbid", "tmdbid", "tvdbid"))


def _number(request: web.Request, name: str, usual: int) -> int:
    given = request.query.get(name, "")
    return int(given) if given.isdigit() else usual


def _xml(text: str) -> web.Response:
    return web.Response(body=text.encode(), content_type="application/xml", charset="utf-8")


if __name__ == "__main__":
    run_by_hand("Fake indexer (key fake-key)", lambda port: FakeIndexer(sample_releases(), port=port))
