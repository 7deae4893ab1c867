"""The questions that Wikidata is asked, in SPARQL 1.1 with its search service."""

from __future__ import annotations

import re
from typing import Final

from sokoul.domain.media import MediaType

_FILM, _SERIES = "wd:Q11424", "wd:Q5398426"
_LONGEST: Final = 200
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": " ", "\r": " ", "\t": " "}

_PREFIXES: Final = """\
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX bd: <http://www.bigdata.com/rdf#>
PREFIX mwapi: <https://www.mediawiki.org/ontology#API/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX schema: <http://schema.org/>
"""
# Every value may be there several times: one row a work, the names joined by a character no title has.
_FACTS: Final = """\
SELECT ?item ?kind (MIN(?place) AS ?rank) (MIN(YEAR(?day)) AS ?year) (SAMPLE(?imdb) AS ?imdb_id)
  (SAMPLE(?film_id) AS ?tmdb_film) (SAMPLE(?series_id) AS ?tmdb_series) (SAMPLE(?tvdb) AS ?tvdb_id)
  (SAMPLE(?code) AS ?language) (MIN(?length) AS ?minutes) (MAX(?links) AS ?fame) (SAMPLE(?name) AS ?title)
  (SAMPLE(?own) AS ?original) (SAMPLE(?said) AS ?description)
  (GROUP_CONCAT(DISTINCT ?alias; SEPARATOR="\\u001F") AS ?aliases)
WHERE {
%(found)s
  VALUES ?kind { %(kinds)s }
  ?item wdt:P31/wdt:P279* ?kind .
  OPTIONAL { ?item wdt:P577 ?day }
  OPTIONAL { ?item wdt:P580 ?day }
  OPTIONAL { ?item wdt:P345 ?imdb }
  OPTIONAL { ?item wdt:P4947 ?film_id }
  OPTIONAL { ?item wdt:P4983 ?series_id }
  OPTIONAL { ?item wdt:P4835 ?tvdb }
  OPTIONAL { ?item wdt:P364/wdt:P218 ?code }
  OPTIONAL { ?item wdt:P2047 ?length }
  OPTIONAL { ?item wdt:P1476 ?own }
  OPTIONAL { ?item wikibase:sitelinks ?links }
  OPTIONAL { ?item rdfs:label ?name FILTER(LANG(?name) = "%(language)s") }
  OPTIONAL { ?item schema:description ?said FILTER(LANG(?said) = "%(language)s") }
  OPTIONAL { ?item rdfs:label|skos:altLabel ?alias FILTER(LANG(?alias) IN ("en", "%(language)s")) }
}
GROUP BY ?item ?kind
ORDER BY ?rank
LIMIT 20"""
_NAMED: Final = """\
  SERVICE wikibase:mwapi {
    bd:serviceParam wikibase:endpoint "www.wikidata.org" .
    bd:serviceParam wikibase:api "EntitySearch" .
    bd:serviceParam mwapi:search "%s" .
    bd:serviceParam mwapi:language "%s" .
    bd:serviceParam mwapi:limit "30" .
    ?item wikibase:apiOutputItem mwapi:item .
    ?place wikibase:apiOrdinal true .
  }"""


def named(text: str, media_type: MediaType, language: str) -> str:
    """Films and series (or one kind) that go by `text`."""
    return _query(_NAMED % (literal(text), spoken(language)), media_type, language)


def with_tmdb_id(tmdb_id: int, media_type: MediaType, language: str) -> str:
    """The work of a TMDB id."""
    prop = "P4947" if media_type is MediaType.MOVIE else "P4983"
    return _query(f'  BIND(0 AS ?place)\n  ?item wdt:{prop} "{int(tmdb_id)}" .', media_type, language)


def literal(text: str) -> str:
    """`text` for between double quotes: whatever somebody typed, it stays inside them."""
    escaped = "".join(_ESCAPES.get(char, char) for char in text[:_LONGEST])
    return "".join(char for char in escaped if char.isprintable())


def spoken(language: str) -> str:
    """`fr` for `fr-FR`; English for what is no language."""
    found = _LANGUAGE.match(language.lower())
    return found[0] if found else "en"


def _query(found: str, media_type: MediaType, language: str) -> str:
    kinds = {MediaType.MOVIE: _FILM, MediaType.TV: _SERIES, MediaType.EPISODE: _SERIES}.get(
        media_type, f"{_FILM} {_SERIES}"
    )
    return _PREFIXES + _FACTS % {"found": found, "kinds": kinds, "language": spoken(language)}
