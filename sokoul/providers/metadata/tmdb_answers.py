"""TMDB's documents turned into works; a field of the wrong type counts as absent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from sokoul.domain.media import MediaType, Work
from sokoul.providers.metadata import tmdb_genres
from sokoul.providers.text import clean

_MOST_RESULTS: Final = 40
_MOST_ALIASES: Final = 100
_MOST_CAST: Final = 8
_MOST_KEYWORDS: Final = 20
_LONGEST_TITLE: Final = 255
_LONGEST_TEXT: Final = 5000
_IMAGE: Final = re.compile(r"/[A-Za-z0-9_-]{1,80}\.(?:jpg|jpeg|png|webp)")
_IMDB: Final = re.compile(r"tt\d{5,10}")
# The languages release names are written in most; the work's own language joins them.
_LANGUAGES: Final = frozenset({"en", "fr", "de", "es", "it", "pt"})

Document = Mapping[str, Any]


def is_document(body: bytes) -> bool:
    """Whether `body` is a JSON object."""
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def works(page: Document, kind: str, language: str = "en") -> list[Work]:
    """The works on a page of a list of films (`movie`) or series (`tv`); of another kind none is taken."""
    results = page.get("results")
    listed = [item for item in results if isinstance(item, dict)] if isinstance(results, list) else []
    found = []
    for item in listed[:_MOST_RESULTS]:
        work = _work(item, kind) if item.get("media_type", kind) == kind else None
        if work is not None:
            found.append(replace(work, genres=tuple(tmdb_genres.names(item.get("genre_ids"), language))))
    return found


def details(told: Document, kind: str) -> Work | None:
    """One work from `/{kind}/{id}`, with what is appended: titles, ids, translations, people, keywords."""
    work = _work(told, kind)
    if work is None:
        return None
    outside = told.get("external_ids")
    ids: Document = outside if isinstance(outside, dict) else {}
    genres = told.get("genres")
    return replace(
        work,
        aliases=_aliases(told, work),
        imdb_id=_imdb(told.get("imdb_id")) or _imdb(ids.get("imdb_id")),
        tvdb_id=_number(ids.get("tvdb_id")),
        genres=tuple(_names(genres)),
        runtime_minutes=_runtime(told, kind),
        english=_english(told, work),
        people=tuple(_people(told)),
        keywords=tuple(_keywords(told)),
    )


def episodes(told: Document, series: Work, season: int) -> list[Work]:
    """The episodes in a season's document."""
    listed = told.get("episodes")
    found = []
    for item in (listed if isinstance(listed, list) else [])[:2000]:
        number = _number(item.get("episode_number")) if isinstance(item, dict) else None
        if number is None:
            continue
        found.append(
            Work(
                MediaType.EPISODE,
                _text(item, "name", _LONGEST_TITLE) or f"Episode {number}",
                year=_year(item.get("air_date")),
                tmdb_id=_number(item.get("id")),
                overview=_text(item, "overview", _LONGEST_TEXT),
                backdrop_url=image(item.get("still_path"), "w780"),
                rating=_rating(item),
                runtime_minutes=_minutes(item.get("runtime")),
                original_language=series.original_language,
                season_number=season,
                episode_number=number,
                air_date=_day(item.get("air_date")),
            )
        )
    return found


def needs_english(told: Document, work: Work) -> bool:
    """Whether the answer lacks an overview, or any word on the English title."""
    return not work.overview or not isinstance(told.get("translations"), dict)


def filled_from(work: Work, english: Work) -> Work:
    """`work` with its gaps filled, and the English title among its aliases."""
    silent = not work.title or (not work.overview and work.title == work.original_title)
    merged = with_titles_of(work, english)
    return replace(
        merged,
        title=english.title if silent else work.title,
        overview=work.overview or english.overview,
        english=work.english or english.overview,
        poster_url=work.poster_url or english.poster_url,
        backdrop_url=work.backdrop_url or english.backdrop_url,
        runtime_minutes=work.runtime_minutes or english.runtime_minutes,
        genres=work.genres or english.genres,
    )


def with_titles_of(work: Work, other: Work) -> Work:
    """`work` with the other's titles as aliases (the same work in another language)."""
    names = dict.fromkeys((*work.aliases, other.title, *other.aliases))
    known = {work.title, work.original_title}
    return replace(work, aliases=tuple(name for name in names if name not in known)[:_MOST_ALIASES])


def image(path: object, size: str) -> str | None:
    """Where Sokoul itself serves an image of TMDB's, or None."""
    return f"/api/v1/tmdb/image/{size}{path}" if isinstance(path, str) and _IMAGE.fullmatch(path) else None


def _work(item: object, kind: str) -> Work | None:
    if not isinstance(item, dict):
        return None
    film = kind == "movie"
    tmdb_id = _number(item.get("id"))
    original = _text(item, "original_title" if film else "original_name", _LONGEST_TITLE)
    title = _text(item, "title" if film else "name", _LONGEST_TITLE) or original
    if tmdb_id is None or title is None:
        return None
    popularity = item.get("popularity")
    return Work(
        MediaType.MOVIE if film else MediaType.TV,
        title,
        year=_year(item.get("release_date" if film else "first_air_date")),
        original_title=original,
        tmdb_id=tmdb_id,
        overview=_text(item, "overview", _LONGEST_TEXT),
        poster_url=image(item.get("poster_path"), "w500"),
        backdrop_url=image(item.get("backdrop_path"), "w1280"),
        rating=_rating(item),
        popularity=float(popularity) if isinstance(popularity, int | float) else 0.0,
        original_language=_text(item, "original_language", 8),
    )


def _aliases(told: Document, work: Work) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for name in (*_alternatives(told), *_translated(told, work)):
        cleaned = clean(name, _LONGEST_TITLE + 1)
        if 0 < len(cleaned) <= _LONGEST_TITLE and cleaned not in {work.title, work.original_title}:
            names[cleaned] = None
    return tuple(names)[:_MOST_ALIASES]


def _alternatives(told: Document) -> Iterator[str]:
    listed = told.get("alternative_titles")
    inner = (listed.get("titles") or listed.get("results")) if isinstance(listed, dict) else None
    for entry in inner if isinstance(inner, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("title"), str):
            yield entry["title"]


def _translated(told: Document, work: Work) -> Iterator[str]:
    listed = told.get("translations")
    inner = listed.get("translations") if isinstance(listed, dict) else None
    wanted = _LANGUAGES | {work.original_language}
    for entry in inner if isinstance(inner, list) else []:
        data = entry.get("data") if isinstance(entry, dict) else None
        if not isinstance(data, dict) or entry.get("iso_639_1") not in wanted:
            continue
        name = data.get("title") or data.get("name")
        if isinstance(name, str):
            yield name


def _english(told: Document, work: Work) -> str | None:
    """The English overview, where the work's own is not that one."""
    listed = told.get("translations")
    inner = listed.get("translations") if isinstance(listed, dict) else None
    for entry in inner if isinstance(inner, list) else []:
        data = entry.get("data") if isinstance(entry, dict) else None
        if isinstance(data, dict) and entry.get("iso_639_1") == "en":
            text = _text(data, "overview", _LONGEST_TEXT)
            return text if text != work.overview else None
    return None


def _people(told: Document) -> Iterator[str]:
    """Who plays, the leading ones first, then who made it."""
    listed = told.get("credits")
    parts: Document = listed if isinstance(listed, dict) else {}
    cast, crew, makers = parts.get("cast"), parts.get("crew"), told.get("created_by")
    leading = cast[:_MOST_CAST] if isinstance(cast, list) else []
    directing = [
        one
        for one in (crew if isinstance(crew, list) else [])
        if isinstance(one, dict) and one.get("job") == "Director"
    ]
    seen: dict[str, None] = {}
    for person in (*leading, *directing[:3], *(makers[:3] if isinstance(makers, list) else [])):
        if isinstance(person, dict) and (name := _text(person, "name", 100)):
            seen[name] = None
    yield from seen


def _keywords(told: Document) -> Iterator[str]:
    listed = told.get("keywords")
    inner = (listed.get("keywords") or listed.get("results")) if isinstance(listed, dict) else None
    for entry in inner[:_MOST_KEYWORDS] if isinstance(inner, list) else []:
        if isinstance(entry, dict) and (name := _text(entry, "name", 60)):
            yield name


def _names(genres: object) -> Iterator[str]:
    for genre in genres[:20] if isinstance(genres, list) else []:
        if isinstance(genre, dict) and (name := _text(genre, "name", 60)):
            yield name


def _runtime(told: Document, kind: str) -> int | None:
    if kind == "movie":
        return _minutes(told.get("runtime"))
    times = told.get("episode_run_time")
    last = told.get("last_episode_to_air")
    listed = [_minutes(value) for value in times] if isinstance(times, list) else []
    return next((m for m in listed if m), None) or (
        _minutes(last.get("runtime")) if isinstance(last, dict) else None
    )


def _text(item: Document, key: str, longest: int) -> str | None:
    value = item.get(key)
    return (clean(value, longest) or None) if isinstance(value, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _minutes(value: object) -> int | None:
    number = _number(value)
    return number if number and number <= 10_000 else None


def _rating(item: Document) -> float | None:
    value = item.get("vote_average")
    return round(float(value), 1) if isinstance(value, int | float) and 0 < value <= 10 else None


def _day(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None


def _year(value: object) -> int | None:
    day = _day(value)
    return int(day[:4]) if day and 1870 <= int(day[:4]) <= 2200 else None


def _imdb(value: object) -> str | None:
    return value if isinstance(value, str) and _IMDB.fullmatch(value) else None
