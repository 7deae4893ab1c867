"""What is suggested to whom, and why: with vectors, without, and to somebody who has watched nothing yet."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace

from sokoul.domain.meaning.affinity import franchise
from sokoul.domain.media import MediaType, Work
from sokoul.domain.words import say
from sokoul.features.recommend.index import VectorIndex
from sokoul.features.recommend.suggest import Suggestion, Suggestions
from sokoul.store.history import PersonalLists
from sokoul.store.media import MediaShelf
from sokoul.store.tastes import TasteStore
from tests import films
from tests.integration.meaning.conftest import Shelf

WORKS = {work.title: work for work in films.works()}


async def somebody(shelf: Shelf, name: str = "ann") -> uuid.UUID:
    made: uuid.UUID = await shelf.database.value(
        "INSERT INTO users (username, email, password_hash, role) VALUES ($1, $1 || '@x.org', '', 'user')"
        " RETURNING id",
        name,
    )
    return made


def suggestions(shelf: Shelf, *, blind: bool = False) -> Suggestions:
    index = VectorIndex(shelf.stories, fresh=0)
    return Suggestions(
        shelf.stories, TasteStore(shelf.database), index, lambda: None if blind else shelf.embedder
    )


async def watched(shelf: Shelf, who: uuid.UUID, *titles: str) -> None:
    library, lists = MediaShelf(shelf.database), PersonalLists(shelf.database)
    for title in titles:
        await lists.record(who, await library.ensure_title(WORKS[title]), 7000, 7200, completed=True)


def names(found: list[Suggestion]) -> list[str]:
    return [one.story.title for one in found]


async def test_what_is_akin_to_what_was_finished_comes_first_with_its_reason(shelf: Shelf) -> None:
    await shelf.reader.read_all()
    ann = await somebody(shelf)
    await watched(shelf, ann, "Alien", "The Thing", "The Exorcist")
    await PersonalLists(shelf.database).add_favorite(
        ann, await MediaShelf(shelf.database).ensure_title(WORKS["Alien"])
    )

    found = await suggestions(shelf).of(ann, 12)

    assert len(found) == 12 and not {"Alien", "The Thing", "The Exorcist"} & set(names(found))
    scary = [one for one in found if one.story.genre_codes & {"horror", "science_fiction"}]
    assert len(scary) >= 8, names(found)
    said = [say("en", one.reason) for one in found]
    assert any(text.startswith("Because you like “Alien”") for text in said), said
    assert any(
        "you finished “The Thing”" in text or "you finished “The Exorcist”" in text for text in said
    ), said
    french = [say("fr", one.reason) for one in found]
    assert any(text.startswith("Parce que vous aimez «\u00a0Alien\u00a0»") for text in french), french


async def test_rules_alone_suggest_as_well(shelf: Shelf) -> None:
    bob = await somebody(shelf)
    await watched(shelf, bob, "High Noon", "Unforgiven", "The Searchers")

    found = await suggestions(shelf, blind=True).of(bob, 10)

    western = [one for one in found[:4] if "western" in one.story.genre_codes]
    assert len(western) >= 3, names(found)
    assert all(one.reason.code == "because" for one in found)


async def test_whoever_watched_nothing_gets_what_is_here_and_what_many_watch(shelf: Shelf) -> None:
    eve = await somebody(shelf)
    media = await MediaShelf(shelf.database).ensure_title(replace(WORKS["Amélie"], rating=8.1))
    await shelf.database.run(
        "INSERT INTO media_files (media_id, path, size_bytes, mtime_ns) VALUES ($1, '/f/a.mkv', 1, 1)", media
    )

    found = await suggestions(shelf).of(eve, 10)

    assert names(found)[0] == "Amélie" and found[0].story.owned
    assert say("en", found[0].reason) == "In your library, not watched yet, and well rated (8.1 of 10)"
    assert {one.reason.kind for one in found[1:]} == {"because.popular"}
    mixtures = Counter(one.story.genre_codes for one in found)
    assert max(mixtures.values()) <= 4


async def test_one_franchise_does_not_fill_the_list(shelf: Shelf) -> None:
    sequels = [
        Work(MediaType.MOVIE, f"Star Saga: Part {n}", 2000 + n, tmdb_id=9000 + n, genres=("Science Fiction",),
             overview="A star pilot fights an empire in space.", popularity=400.0, rating=9.0)
        for n in range(1, 9)
    ]  # fmt: skip
    await shelf.stories.remember(sequels)
    zoe = await somebody(shelf)
    await watched(shelf, zoe, "Star Wars")

    found = await suggestions(shelf, blind=True).of(zoe, 15)

    assert Counter(franchise(one.story.title) for one in found).most_common(1)[0][1] <= 2
    assert len(found) == 15


async def test_a_series_is_one_tie_and_what_others_watch_is_no_business_of_mine(shelf: Shelf) -> None:
    ann, bob = await somebody(shelf), await somebody(shelf, "bob")
    await watched(shelf, bob, "Jaws")
    series = await MediaShelf(shelf.database).ensure_title(
        Work(MediaType.TV, "Kelp", 2020, tmdb_id=70, genres=("Drama",), overview="A farm under the sea.")
    )
    for number in (1, 2):
        episode = await shelf.database.value(
            "INSERT INTO media (media_type, title, parent_id, season_number, episode_number)"
            " VALUES ('episode', 'E', $1, 1, $2) RETURNING id",
            series,
            number,
        )
        await PersonalLists(shelf.database).record(ann, episode, 100, 1000, completed=number == 1)

    [tie] = await TasteStore(shelf.database).ties(ann, 10)
    assert (tie.story_id, tie.bond.value) == (series, "finished")
    assert "Kelp" not in names(await suggestions(shelf, blind=True).of(ann, 60))
    assert "Jaws" not in names(await suggestions(shelf, blind=True).of(bob, 60))
    liked = await TasteStore(shelf.database).liked(10)
    assert {tmdb_id for tmdb_id, _ in liked} == {70, WORKS["Jaws"].tmdb_id}
