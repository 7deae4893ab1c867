"""What the fake indexer says: Torznab XML and Prowlarr JSON with every field of the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr


class Release(Protocol):
    """What a release of the fake tells."""

    @property
    def title(self) -> str: ...
    @property
    def size(self) -> int | None: ...
    @property
    def seeders(self) -> int | None: ...
    @property
    def leechers(self) -> int | None: ...
    @property
    def category(self) -> int: ...
    @property
    def info_hash(self) -> str | None: ...
    @property
    def magnet(self) -> str | None: ...
    @property
    def torrent(self) -> bytes | None: ...
    @property
    def imdb_id(self) -> str | None: ...
    @property
    def tmdb_id(self) -> int | None: ...
    @property
    def published(self) -> datetime: ...
    @property
    def guid(self) -> str: ...


def caps(name: str, params: str, page_size: int) -> str:
    """The answer to `t=caps`."""
    series = f"{params},season,ep" if "season" not in params else params
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<caps>'
        f'<server version="1.3" title={quoteattr(name)}/>'
        f'<limits max="{page_size}" default="{page_size}"/><retention days="9999"/>'
        '<registration available="no" open="yes"/><searching>'
        '<search available="yes" supportedParams="q"/>'
        f'<tv-search available="yes" supportedParams="{series}"/>'
        f'<movie-search available="yes" supportedParams="{params}"/></searching><categories>'
        '<category id="2000" name="Movies"><subcat id="2040" name="Movies/HD"/></category>'
        '<category id="3000" name="Audio"/><category id="5000" name="TV"/></categories></caps>'
    )


def rss(name: str, url: str, releases: Sequence[Release], *, offset: int, total: int) -> str:
    """A page of results."""
    items = "".join(_item(url, release) for release in releases)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:newznab="http://www.newznab.com/DTD/2010/feeds/attributes/" '
        'xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel>'
        f"<title>{escape(name)}</title><link>{url}</link><description>{escape(name)}</description>"
        f'<newznab:response offset="{offset}" total="{total}"/>{items}</channel></rss>'
    )


def error(code: int, words: str) -> str:
    """An error document."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<error code="{code}" description={quoteattr(words)}/>'


def link(url: str, release: Release) -> str | None:
    """Where the release is fetched: its magnet, its .torrent here, or nowhere."""
    if release.torrent is not None:
        return f"{url}/download/{release.guid}.torrent"
    if release.magnet is not None:
        return release.magnet
    return None if release.info_hash is None else magnet(release)


def magnet(release: Release) -> str:
    """A magnet from the info hash."""
    return f"magnet:?xt=urn:btih:{release.info_hash}&dn={quote(release.title)}"


def _item(url: str, release: Release) -> str:
    where = link(url, release) or f"{url}/download/{release.guid}.torrent"
    size = release.size if release.size is not None else 0
    attributes: dict[str, object] = {
        "category": release.category,
        "size": release.size,
        "seeders": release.seeders,
        "peers": _sum(release.seeders, release.leechers),
        "infohash": release.info_hash,
        "magneturl": release.magnet,
        "imdb": release.imdb_id[2:] if release.imdb_id else None,
        "minimumratio": 1,
        "downloadvolumefactor": 0,
        "uploadvolumefactor": 1,
    }
    told = "".join(
        f'<torznab:attr name="{key}" value={quoteattr(str(value))}/>'
        for key, value in attributes.items()
        if value is not None
    )
    return (
        f"<item><title>{escape(release.title)}</title><guid>{url}/details/{release.guid}</guid>"
        f"<link>{escape(where)}</link><comments>{url}/details/{release.guid}</comments>"
        f"<pubDate>{format_datetime(release.published)}</pubDate>"
        f"<category>{release.category}</category><description/>"
        f'<enclosure url={quoteattr(where)} length="{size}" type="application/x-bittorrent"/>{told}</item>'
    )


def prowlarr_release(name: str, url: str, release: Release) -> dict[str, Any]:
    """One entry of `/api/v1/search`."""
    age = datetime.now(UTC) - release.published
    hours = age.total_seconds() / 3600
    return {
        "id": 0,
        "guid": f"{url}/details/{release.guid}",
        "age": age.days,
        "ageHours": hours,
        "ageMinutes": hours * 60,
        "size": release.size or 0,
        "files": 1,
        "grabs": 3,
        "indexerId": 1,
        "indexer": name,
        "subGroup": None,
        "releaseHash": None,
        "title": release.title,
        "sortTitle": release.title.lower(),
        "imdbId": int(release.imdb_id[2:]) if release.imdb_id else 0,
        "tmdbId": release.tmdb_id or 0,
        "tvdbId": 0,
        "tvMazeId": 0,
        "publishDate": release.published.isoformat().replace("+00:00", "Z"),
        "commentUrl": f"{url}/details/{release.guid}",
        "downloadUrl": None if release.torrent is None else link(url, release),
        "infoUrl": f"{url}/details/{release.guid}",
        "posterUrl": None,
        "indexerFlags": [],
        "categories": [{"id": release.category, "name": "Movies", "description": None, "subCategories": []}],
        "magnetUrl": release.magnet or (magnet(release) if release.info_hash else None),
        "infoHash": release.info_hash,
        "seeders": release.seeders,
        "leechers": release.leechers,
        "protocol": "torrent",
        "fileName": f"{release.title}.torrent",
        "downloadClientId": None,
    }


def prowlarr_status() -> dict[str, Any]:
    """`/api/v1/system/status`, the part that is looked at."""
    return {"appName": "Prowlarr", "instanceName": "Prowlarr", "version": "1.37.0.5076", "isDebug": False}


def _sum(seeders: int | None, leechers: int | None) -> int | None:
    return None if seeders is None and leechers is None else (seeders or 0) + (leechers or 0)
