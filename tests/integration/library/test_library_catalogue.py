"""The tree that televisions walk, and its number that grows."""

from __future__ import annotations

import time
import uuid
from statistics import median

import pytest

from sokoul.domain.errors import NotFound
from sokoul.features.library.catalogue import Branch, Leaf
from tests.integration.library.house import BEAR, DUNE, House


async def test_films_series_and_the_latest(house: House) -> None:
    await house.service.adopt(await house.finished("d", "Dune.mkv", "Dune.fr.srt", work=DUNE))
    pack = "The.Bear.S01"
    names = [f"{pack}/The.Bear.S01E0{n}.mkv" for n in (1, 2)]
    await house.service.adopt(await house.finished(pack, *names, work=BEAR))
    tree = house.service.catalogue
    top, total = await tree.children("0", 0, 0)
    assert [(one.id, one.child_count) for one in top if isinstance(one, Branch)] == [
        ("films", 1),
        ("series", 1),
        ("recent", None),
    ]
    assert total == 3
    (film,), _ = await tree.children("films", 0, 10)
    assert isinstance(film, Leaf)
    assert (film.title, film.width, film.duration, film.genres) == (
        "Dune : Deuxième partie (2024)",
        1920,
        60.0,
        ("Science-Fiction",),
    )
    assert [path.suffix for path in film.subtitles] == [".srt"]
    (series,), _ = await tree.children("series", 0, 10)
    (season,), _ = await tree.children(series.id, 0, 10)
    episodes, count = await tree.children(season.id, 0, 10)
    assert ([one.title for one in episodes], count) == (["01 - Part 1", "02 - Part 2"], 2)
    latest, count = await tree.children("recent", 0, 10)
    assert count == 3
    assert latest[0].title == "The Bear S01E02 - Part 2"
    for node in (*top, film, series, season, *episodes):
        again = await tree.item(node.id)
        assert (again.id, again.title) == (node.id, node.title)
        assert again.parent_id == node.parent_id
    assert (await tree.file(str(film.file_id))).id == film.id


async def test_what_is_not_there_is_not_found(house: House) -> None:
    tree = house.service.catalogue
    for bad in ("x", "s:1", f"s:{uuid.uuid4()}", f"s:{uuid.uuid4()}:1", "m:1", f"m:{uuid.uuid4()}", "s:::"):
        with pytest.raises(NotFound):
            await tree.item(bad)
    with pytest.raises(NotFound):
        await tree.children("nothing", 0, 10)
    with pytest.raises(NotFound):
        await tree.file("x")


async def test_every_change_raises_the_number(house: House) -> None:
    numbers = [await house.service.catalogue.update_id()]

    async def grown() -> None:
        numbers.append(await house.service.catalogue.update_id())
        assert numbers[-1] > numbers[-2], numbers

    adopted = await house.service.adopt(await house.finished("d", "Dune.mkv", work=DUNE))
    await grown()
    film = house.film("movies/Sintel (2010).mkv")
    await house.service.scanner.scan()
    await grown()
    film.unlink()
    await house.service.scanner.scan()
    await grown()
    await house.service.titles.change(adopted.media_id, {"title": "Dune"})
    await grown()
    await house.service.remover.remove(adopted.media_id, None)
    await grown()
    await house.service.remover.restore(adopted.media_id)
    await grown()


async def test_ten_thousand_films_page_by_page(house: House) -> None:
    await house.database.run(
        "INSERT INTO media (media_type, title, year, tmdb_id)"
        " SELECT 'movie', md5(i::text), 1950 + i % 70, i FROM generate_series(1, 10000) i"
    )
    await house.database.run(
        "INSERT INTO media_files (media_id, path, size_bytes, mtime_ns)"
        " SELECT id, '/m/' || id, 1, 1 FROM media"
    )
    await house.database.run("ANALYZE")
    seen: list[str] = []
    times: list[float] = []
    for start in range(0, 10_000, 100):
        began = time.perf_counter()
        nodes, total = await house.service.catalogue.children("films", start, 100)
        times.append(time.perf_counter() - began)
        assert total == 10_000
        seen += [node.id for node in nodes]
    assert len(set(seen)) == 10_000
    print(f"page of 100: p50 {median(times) * 1000:.1f} ms, most {max(times) * 1000:.1f} ms")
    assert median(times) < 0.05
    nodes, total = await house.service.catalogue.children("films", 20_000, 100)
    assert (nodes, total) == ([], 10_000)
