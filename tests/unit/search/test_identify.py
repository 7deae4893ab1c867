"""What a query means, with metadata, with some of it, and without."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.meaning import By, Wish
from sokoul.domain.media import MediaType, Work
from sokoul.features.search.identify import identify, question, texts
from sokoul.features.search.model import SearchWish
from sokoul.features.search.ports import Fit
from sokoul.features.search.sources import NoMetadata

DUNE_2 = Work(
    MediaType.MOVIE,
    "Dune : Deuxième partie",
    2024,
    "Dune: Part Two",
    tmdb_id=693134,
    imdb_id="tt15239678",
    original_language="en",
    popularity=200,
)
DUNE = Work(MediaType.MOVIE, "Dune", 2021, "Dune", tmdb_id=438631, original_language="en", popularity=100)
OLD_DUNE = Work(MediaType.MOVIE, "Dune", 1984, "Dune", tmdb_id=841, original_language="en", popularity=90)
BEAR = Work(MediaType.TV, "The Bear", 2022, "The Bear", tmdb_id=136315, original_language="en", popularity=80)
CHIHIRO = Work(
    MediaType.MOVIE,
    "Le Voyage de Chihiro",
    2001,
    "千と千尋の神隠し",
    tmdb_id=129,
    original_language="ja",
    popularity=70,
)


class Known:
    """A catalogue that finds by the first word, and tells other names only when it describes."""

    knows_films = True

    def __init__(self, *works: Work, aliases: dict[int, tuple[str, ...]] | None = None) -> None:
        self._works, self._aliases = works, aliases or {}
        self.fails: Exception | None = None
        self.hangs = False

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        if self.hangs:
            await asyncio.sleep(60)
        if self.fails:
            raise self.fails
        kinds = {MediaType.MOVIE, MediaType.TV} if media_type is MediaType.UNKNOWN else {media_type}
        return [work for work in self._works if work.media_type in kinds]

    async def describe(self, work: Work) -> Work:
        return replace(work, aliases=self._aliases.get(work.tmdb_id or 0, ()), runtime_minutes=100)

    async def by_tmdb(self, tmdb_id: int, media_type: MediaType) -> Work:
        for work in self._works:
            if (work.tmdb_id, work.media_type) == (tmdb_id, media_type):
                return await self.describe(work)
        raise NotFound("unknown")


ALL = (OLD_DUNE, DUNE, DUNE_2, BEAR, CHIHIRO)


async def test_a_sequel_by_its_number() -> None:
    meaning = await identify(SearchWish("Dune 2"), Known(*ALL), timeout=1)
    assert meaning.wanted.work.tmdb_id == 693134
    assert meaning.wanted.work.runtime_minutes == 100
    assert (meaning.known, meaning.candidates, meaning.problem) == (True, (), None)


async def test_two_of_a_name_are_offered_with_a_best_guess() -> None:
    meaning = await identify(SearchWish("dune"), Known(*ALL), timeout=1)
    assert meaning.wanted.work.tmdb_id == 438631
    assert {work.tmdb_id for work in meaning.candidates} == {438631, 841}
    by_year = await identify(SearchWish("dune 1984"), Known(*ALL), timeout=1)
    assert (by_year.wanted.work.tmdb_id, by_year.candidates) == (841, ())


async def test_numbers_mean_a_series() -> None:
    meaning = await identify(SearchWish("the bear s02e03"), Known(*ALL), timeout=1)
    wanted = meaning.wanted
    assert (wanted.work.tmdb_id, wanted.season, wanted.episode) == (136315, 2, 3)
    told = await identify(SearchWish("the bear", season=1), Known(*ALL), timeout=1)
    assert (told.wanted.season, told.wanted.episode) == (1, None)


async def test_a_name_that_only_the_description_tells() -> None:
    known = Known(*ALL, aliases={129: ("Spirited Away",)})
    meaning = await identify(SearchWish("Spirited Away"), known, timeout=1)
    assert meaning.wanted.work.tmdb_id == 129


async def test_an_id_decides() -> None:
    meaning = await identify(SearchWish("Dune", tmdb_id=841), Known(*ALL), timeout=1)
    assert meaning.wanted.work.tmdb_id == 841
    lost = await identify(SearchWish("Dune", tmdb_id=5), Known(*ALL), timeout=1)
    assert (lost.known, lost.problem, lost.wanted.work.title) == (False, "unknown", "Dune")


@pytest.mark.parametrize("how", ["fails", "hangs", "nothing", "absent"])
async def test_without_metadata_the_words_must_do(how: str) -> None:
    known = Known() if how == "nothing" else Known(*ALL)
    known.hangs = how == "hangs"
    known.fails = ProviderUnavailable("down", cure="Wait.") if how == "fails" else None
    source = NoMetadata() if how == "absent" else known
    meaning = await identify(SearchWish("Some Film 1999"), source, timeout=0.05)
    work = meaning.wanted.work
    assert (meaning.known, work.title, work.year, work.media_type) == (
        False,
        "Some Film",
        1999,
        MediaType.UNKNOWN,
    )
    assert bool(meaning.problem) == (how in {"fails", "hangs"})


async def test_series_alone_do_not_name_a_film() -> None:
    known = Known(replace(BEAR, title="Fargo", original_title="Fargo"))
    known.knows_films = False
    meaning = await identify(SearchWish("Fargo"), known, timeout=1)
    assert meaning.wanted.work.media_type is MediaType.UNKNOWN
    assert [work.title for work in meaning.candidates] == ["Fargo"]
    series = await identify(SearchWish("Fargo", media_type=MediaType.TV), known, timeout=1)
    assert series.wanted.work.tmdb_id == 136315


def test_indexers_are_asked_in_the_words_of_release_names() -> None:
    assert texts(DUNE_2) == ("Dune Part Two 2024", "Dune Deuxième partie 2024")
    assert texts(replace(CHIHIRO, aliases=("Spirited Away",))) == (
        "Spirited Away 2001",
        "Le Voyage de Chihiro 2001",
    )
    assert texts(BEAR) == ("The Bear",)
    assert texts(Work(MediaType.MOVIE, "Howl's Moving Castle & Co.")) == ("Howls Moving Castle and Co",)
    assert texts(Work(MediaType.MOVIE, "千と千尋")) == ("千と千尋",)


async def test_the_question_carries_ids_and_numbers() -> None:
    meaning = await identify(SearchWish("the bear s02e03"), Known(*ALL), timeout=1)
    asked = question(meaning.wanted)
    assert (asked.media_type, asked.season, asked.episode, asked.tmdb_id) == (MediaType.TV, 2, 3, 136315)


class Describing(Known):
    """Knows no title, and one work by what it is like."""

    async def find(self, text: str, media_type: MediaType, year: int | None) -> list[Work]:
        return []

    async def discover(self, told: Wish) -> list[Fit]:
        return [Fit(work, 3 - place) for place, work in enumerate(self._works)]


class Dreaming:
    """A model that always has a title in mind, and nothing to say of it."""

    limit = 5.0

    async def understand(self, text: str, *, timeout: float) -> Wish:
        return Wish(by=By.MODEL, title="The Bear")


async def test_a_description_that_rules_understand() -> None:
    wish = SearchWish("a film in space about astronauts")
    meaning = await identify(wish, Describing(DUNE, OLD_DUNE), timeout=5)
    assert meaning.understood is not None and meaning.understood.words == ("space", "astronaut")
    assert meaning.wanted.work.tmdb_id == DUNE.tmdb_id


async def test_a_title_that_only_the_model_has_in_mind_is_no_description() -> None:
    wish = SearchWish("Some Film That Nobody Lists")
    meaning = await identify(wish, Describing(BEAR), timeout=5, oracle=Dreaming())
    assert (meaning.understood, meaning.known) == (None, False)


async def test_without_a_source_that_knows_films_nothing_is_recalled() -> None:
    known = Describing(BEAR)
    known.knows_films = False
    meaning = await identify(SearchWish("a film in space about astronauts"), known, timeout=5)
    assert (meaning.understood, meaning.known) == (None, False)
