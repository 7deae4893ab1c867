"""Whether a release is the work that was asked for, by ids, else by title, year, type and numbering."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sokoul.domain import opening
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.domain.offer import Offer, Refusal, refuse
from sokoul.domain.query import choose, read_query
from sokoul.domain.release import Release
from sokoul.domain.titles import ARTICLES, clean, loose, normalise
from sokoul.domain.words import Phrase, phrase

__all__ = ["choose", "confidence", "matches", "normalise", "read_query", "same_title"]


def matches(wanted: Wanted, release: Release, offer: Offer | None = None) -> list[Refusal]:
    """Every reason why this is another work; empty when it is the one. Ids of the source decide first."""
    checks = (
        title_refusal(wanted, release, offer),
        year_refusal(wanted, release, offer),
        type_refusal(wanted, release, offer),
        episode_refusal(wanted, release),
    )
    return [refusal for refusal in checks if refusal is not None]


def confidence(wanted: Wanted, release: Release, offer: Offer | None = None) -> float:
    """How sure the identity is, 0 to 1: ids beat an exact year, an exact year beats a near or missing one."""
    if offer is not None and ids_agree(wanted.work, offer):
        return 1.0
    if states_film(wanted.work, release):
        return 0.95
    if not same_title(wanted.work, release):
        return 0.0
    if wanted.work.year is None or release.year is None:
        return 0.85 if is_series(wanted.work) else 0.7
    return 0.95 if release.year == wanted.work.year or is_series(wanted.work) else 0.8


def title_refusal(wanted: Wanted, release: Release, offer: Offer | None) -> Refusal | None:
    """wrong_title when neither an id nor a title or alias agrees."""
    work = wanted.work
    agree = None if offer is None else ids_agree(work, offer)
    if agree is False and offer is not None:
        return refuse("wrong_title.ids", id=_ids(offer))
    if agree or same_title(work, release) or states_film(work, release):
        return None
    if not release.title:
        return refuse("wrong_title.silent", wanted=work.title)
    return refuse("wrong_title.other", found=release.title, wanted=work.title)


def year_refusal(wanted: Wanted, release: Release, offer: Offer | None) -> Refusal | None:
    """wrong_year when the years differ by more than one; an episode may be younger than its series."""
    work = wanted.work
    if work.year is None or release.year is None or (offer is not None and ids_agree(work, offer)):
        return None
    if release.year in _years_in_titles(work) or states_film(work, release):
        return None
    if is_series(work) and not release.year_leads and release.year >= work.year - 1:
        return None
    if abs(release.year - work.year) <= 1:
        return None
    return refuse("wrong_year.other", found=release.year, wanted=work.year)


def type_refusal(wanted: Wanted, release: Release, offer: Offer | None) -> Refusal | None:
    """wrong_type when an episode is offered for a film, or a film for a series."""
    del offer
    numbered = bool(release.seasons or release.episodes or release.absolute)
    if release.air_date and not (wanted.work.year and release.air_date.startswith(str(wanted.work.year))):
        numbered = True  # a broadcast of the very year may be a film of a day
    if is_series(wanted.work) and release.air_date:
        numbered = True
    if wanted.work.media_type is MediaType.MOVIE and numbered:
        film = states_film(wanted.work, release) and not opening.numbered(wanted.work, release.name)
        return None if film else refuse("wrong_type.episode")
    if is_series(wanted.work) and not numbered and not release.full_season:
        return refuse("wrong_type.unnumbered")
    return None


def episode_refusal(wanted: Wanted, release: Release) -> Refusal | None:
    """wrong_episode when the season or episode asked for is not in it."""
    if not is_series(wanted.work) or (wanted.season is None and wanted.episode is None):
        return None
    if wanted.work.air_date and release.air_date:
        if wanted.work.air_date == release.air_date:
            return None
        return refuse("wrong_episode.day", found=release.air_date, wanted=wanted.work.air_date)
    if _contains(wanted.season, wanted.episode, release):
        return None
    return refuse("wrong_episode.other", found=_held(release), wanted=_asked(wanted))


def ids_agree(work: Work, offer: Offer) -> bool | None:
    """True or False when an id is known on both sides, else None."""
    if work.imdb_id and offer.imdb_id:
        return _imdb(work.imdb_id) == _imdb(offer.imdb_id)
    if work.tmdb_id and offer.tmdb_id:
        return work.tmdb_id == offer.tmdb_id
    if work.tvdb_id and offer.tvdb_id and is_series(work):
        return work.tvdb_id == offer.tvdb_id
    return None


def same_title(work: Work, release: Release) -> bool:
    """Normalised titles or aliases are equal; a looser form counts when the year is exactly right."""
    strict, slack = _keys(work)
    titles = release.titles or (release.title,)
    keys = {normalise(title) for title in titles if title}
    if release.year is not None:
        keys |= {f"{key} {release.year}" for key in keys if f"{key} {release.year}" in strict}
    if not keys.isdisjoint(strict):
        return True
    cleaned = {clean(title) for title in titles if title}
    if release.year is not None and release.year == work.year:
        return not (cleaned | {loose(key) for key in keys}).isdisjoint(slack)
    if not is_series(work) or (cleaned | {loose(key) for key in keys}).isdisjoint(slack):
        return False
    # A series goes by its name alone: there the article of a single word belongs to it.
    alike = ((key, other) for key in keys for other in strict if loose(key) == loose(other))
    return any(not _article_matters(*pair) for pair in alike) or not cleaned.isdisjoint(_cleaned(work))


def states_film(work: Work, release: Release) -> bool:
    """The name opens with the film's title and its very year: that outweighs numbers read out of the rest."""
    return work.media_type is MediaType.MOVIE and opening.opens_with(work, _keys(work)[0], release.name)


def namesakes(work: Work, others: Iterable[Work], *, within: int | None = None) -> list[Work]:
    """Other works of the same kind and name; `within` so many years, which names cannot tell apart."""
    keys = _keys(work)[0]
    return [
        other
        for other in others
        if is_series(other) == is_series(work)
        and _ids_of(other) != _ids_of(work)
        and not keys.isdisjoint(_keys(other)[0])
        and (within is None or _apart(work, other) <= within)
    ]


def _ids_of(work: Work) -> tuple[object, ...]:
    return work.tmdb_id, work.tvmaze_id, work.imdb_id if work.tmdb_id is None else None


def _apart(work: Work, other: Work) -> int:
    return abs(work.year - other.year) if work.year and other.year else 0


def is_series(work: Work) -> bool:
    """Series and episodes alike."""
    return work.media_type in (MediaType.TV, MediaType.EPISODE)


def _article_matters(one: str, other: str) -> bool:
    """One of two keys has an article before its only word, the other has none: *Bear* is not *The Bear*."""
    first, second = one.split(), other.split()
    articles = (first[0] in ARTICLES, second[0] in ARTICLES)
    return articles[0] != articles[1] and min(len(first), len(second)) == 1


@lru_cache(maxsize=512)
def _cleaned(work: Work) -> frozenset[str]:
    return frozenset(clean(name) for name in (work.title, work.original_title or "", *work.aliases) if name)


@lru_cache(maxsize=512)
def _keys(work: Work) -> tuple[frozenset[str], frozenset[str]]:
    names = [work.title, work.original_title or "", *work.aliases]
    strict = {normalise(name) for name in names if name}
    strict |= {key.removesuffix(f" {work.year}") for key in strict if work.year and key != str(work.year)}
    strict.discard("")
    together = {f"{one} {other}" for one in strict for other in strict if one != other and len(strict) < 12}
    slack = {loose(key) for key in strict | together} | {clean(name) for name in names}
    return frozenset(strict), frozenset(slack - {""})


@lru_cache(maxsize=512)
def _years_in_titles(work: Work) -> frozenset[int]:
    words = " ".join([work.title, work.original_title or "", *work.aliases]).split()
    return frozenset(int(word) for word in words if len(word) == 4 and word.isascii() and word.isdigit())


def _contains(season: int | None, episode: int | None, release: Release) -> bool:
    if season is None:
        return episode in release.absolute or (
            episode in release.episodes and (not release.seasons or release.seasons == (1,))
        )
    if release.seasons and season not in release.seasons:
        return False
    if not release.seasons:
        return season == 1 and episode is not None and episode in (*release.absolute, *release.episodes)
    if episode is None:
        return not release.episodes or release.full_season
    if release.episodes:
        return episode in release.episodes
    return not release.absolute or release.full_season or episode in release.absolute


def _held(release: Release) -> Phrase:
    if release.episodes or release.seasons:
        season = "".join(f"S{number:02d}" for number in release.seasons[:3])
        return phrase("held.code", code=f"{season}{_span('E', release.episodes)}")
    if release.absolute:
        return phrase("held.absolute", number=_span("", release.absolute))
    return phrase("held.day", day=release.air_date) if release.air_date else phrase("held.none")


def _span(letter: str, numbers: tuple[int, ...]) -> str:
    if not numbers:
        return ""
    first, last = numbers[0], numbers[-1]
    return f"{letter}{first:02d}" + (f"-{letter}{last:02d}" if last != first else "")


def _asked(wanted: Wanted) -> Phrase:
    if wanted.season is None:
        return phrase("held.absolute", number=str(wanted.episode))
    number = "" if wanted.episode is None else f"E{wanted.episode:02d}"
    return phrase("held.code", code=f"S{wanted.season:02d}{number}")


def _imdb(text: str) -> str:
    return text.lower().removeprefix("tt").lstrip("0")


def _ids(offer: Offer) -> str:
    if offer.imdb_id:
        return f"IMDb {offer.imdb_id}"
    return f"TMDB {offer.tmdb_id}" if offer.tmdb_id else f"TVDB {offer.tvdb_id}"
