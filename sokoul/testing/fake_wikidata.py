"""A Wikidata query service over the catalogue on loopback: `python -m sokoul.testing.fake_wikidata`.

It reads the parts of a question that tell what is asked (the search words, the kinds, TMDB's id) and answers
in the SPARQL 1.1 JSON results format.
"""

from __future__ import annotations

import re
from typing import Any, Final

from aiohttp import web

from sokoul.testing import catalogue
from sokoul.testing.catalogue import Title
from sokoul.testing.serving import FakeServer, run_by_hand

_WORDS: Final = re.compile(r'mwapi:search "((?:[^"\\]|\\.)*)"')
_TMDB: Final = re.compile(r'wdt:(P4947|P4983) "(\d+)"')
_KINDS: Final = re.compile(r"VALUES \?kind \{([^}]*)\}")
_LANGUAGE: Final = re.compile(r'LANG\(\?name\) = "([a-z]+)"')
_ENTITY: Final = "http://www.wikidata.org/entity/"
_FILM, _SERIES = "Q11424", "Q5398426"


class FakeWikidata(FakeServer):
    """Answers `/sparql` by GET, as the query service does."""

    @property
    def base_url(self) -> str:
        """What `providers.wikidata.base_url` takes."""
        return f"{self.url}/sparql"

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/sparql", self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        query = request.query.get("query", "")
        if query.startswith("ASK"):
            return _results({"head": {}, "boolean": True})
        if "SELECT" not in query:
            return web.Response(status=400, text="SPARQL-QUERY: queryStr=" + query[:200])
        rows = [_row(title, _language(query)) for title in _found(query)]
        names = sorted({name for row in rows for name in row})
        return _results({"head": {"vars": names}, "results": {"bindings": rows}})


def _found(query: str) -> list[Title]:
    kinds = _KINDS.search(query)
    wanted = {"movie" if kind == f"wd:{_FILM}" else "tv" for kind in (kinds[1].split() if kinds else [])}
    if found := _TMDB.search(query):
        title = catalogue.find("movie" if found[1] == "P4947" else "tv", int(found[2]))
        return [title] if title is not None and title.kind in wanted else []
    words = _WORDS.search(query)
    text = re.sub(r"\\(.)", r"\1", words[1]) if words else ""
    return [title for title in catalogue.search(text) if title.kind in wanted][:20]


def _row(title: Title, language: str) -> dict[str, Any]:
    film = title.kind == "movie"
    names = {title.english, title.name(language), *(name for _, name in title.others)}
    told: dict[str, object] = {
        "year": title.year,
        "imdb_id": title.imdb_id,
        "tmdb_film" if film else "tmdb_series": title.tmdb_id,
        "tvdb_id": title.tvdb_id,
        "language": title.language,
        "minutes": title.minutes,
        "fame": round(title.popularity),
        "title": title.name(language),
        "original": title.original,
        "description": f"{title.year} {'film' if film else 'television series'}",
        "aliases": "\x1f".join(sorted(names)),
        "rank": 0,
    }
    known = {name: value for name, value in told.items() if value is not None}
    row = {name: {"type": "literal", "value": str(value)} for name, value in known.items()}
    number = title.tmdb_id + (0 if film else 50_000_000)
    return row | {
        "item": {"type": "uri", "value": f"{_ENTITY}Q{number}"},
        "kind": {"type": "uri", "value": f"{_ENTITY}{_FILM if film else _SERIES}"},
    }


def _language(query: str) -> str:
    found = _LANGUAGE.search(query)
    return found[1] if found else "en"


def _results(told: dict[str, Any]) -> web.Response:
    return web.json_response(told, content_type="application/sparql-results+json")


if __name__ == "__main__":
    run_by_hand("Fake Wikidata", lambda port: FakeWikidata(port=port))
