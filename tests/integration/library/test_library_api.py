"""The library over HTTP: titles, files, lists, history, collections, the bin."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sokoul.domain.users import UserRole
from sokoul.web import keys
from tests.integration.library.house import DUNE, House
from tests.site import Person, Site

FILM = "Dune.Part.Two.2024.1080p.WEB-DL.H264-GRP"
API = "/api/v1"


@pytest.fixture
async def site(sites: Callable[..., Awaitable[Site]], house: House) -> Site:
    """The web with the library in it."""
    return await sites(services={keys.LIBRARY: house.service})


@pytest.fixture
async def alice(site: Site) -> Person:
    return await site.person("alice")


@pytest.fixture
async def moderator(site: Site) -> Person:
    return await site.person("mo", UserRole.MODERATOR)


async def call(site: Site, method: str, path: str, who: Person, status: int = 200, **more: Any) -> Any:
    reply = await site.ask(method, API + path, who, **more)
    assert reply.status == status, await reply.text()
    return await reply.json() if status != 204 else None


async def film(house: House) -> str:
    adopted = await house.service.adopt(await house.finished(FILM, f"{FILM}.mkv", work=DUNE))
    return str(adopted.media_id)


async def test_lists_find_titles_despite_typing_errors(site: Site, house: House, alice: Person) -> None:
    media_id = await film(house)
    for query in ("dune", "DUEN", "deuxieme parti", "Dune: Part Two", "dune 2"):
        found = await call(site, "GET", f"/media?q={query}", alice)
        assert [item["id"] for item in found["items"]] == [media_id], query
    assert (await call(site, "GET", "/media?q=amelie", alice))["items"] == []
    found = await call(site, "GET", "/media?type=movie&genre=Science-Fiction&year=2024&sort=rating", alice)
    assert (found["total"], found["page"], found["items"][0]["resolution"]) == (1, 1, 1080)
    for query in ("type=tv", "genre=Romance", "year=1999"):
        assert (await call(site, "GET", f"/media?{query}", alice))["total"] == 0
    for query in ("type=x", "sort=x", "year=1", "page=0", "page_size=201"):
        await call(site, "GET", f"/media?{query}", alice, 422)


async def test_a_title_and_its_files(site: Site, house: House, alice: Person) -> None:
    media_id = await film(house)
    one = await call(site, "GET", f"/media/{media_id}", alice)
    assert (one["title"], one["tmdb_id"], one["poster_url"]) == (DUNE.title, 693134, DUNE.poster_url)
    files = await call(site, "GET", f"/media/{media_id}/files", alice)
    (file,) = files["items"]
    assert file["path"].endswith("1080p.mkv")
    assert file["video"]["height"] == 1080
    assert file["stream_url"].startswith(f"{API}/files/{file['file_id']}/stream?token=")
    await call(site, "GET", f"/media/{uuid.uuid4()}", alice, 404)
    await call(site, "GET", f"/media/{uuid.uuid4()}/files", alice, 404)
    await call(site, "GET", "/media/1", alice, 404)


async def test_titles_are_made_and_corrected_by_moderators(
    site: Site, alice: Person, moderator: Person
) -> None:
    new = {"media_type": "movie", "title": "Métropolis", "year": 1927, "tmdb_id": 19, "genres": ["SF"]}
    await call(site, "POST", "/media", alice, 403, json=new)
    made = await call(site, "POST", "/media", moderator, 201, json=new)
    assert (made["title"], made["year"], made["genres"]) == ("Métropolis", 1927, ["SF"])
    await call(site, "POST", "/media", moderator, 409, json=new)
    path = f"/media/{made['id']}"
    changed = await call(site, "PUT", path, moderator, json={"year": 1928, "original_title": "Metropolis"})
    assert (changed["title"], changed["year"]) == ("Métropolis", 1928)
    await call(site, "PUT", path, moderator, 422, json={"title": None})
    await call(site, "PUT", path, moderator, 422, json={"media_type": "episode"})
    await call(site, "PUT", path, moderator, 422, json={"poster_url": "javascript:alert(1)"})
    assert (await call(site, "GET", "/media?q=metropolis", alice))["total"] == 1
    await call(site, "DELETE", path, alice, 403)
    await call(site, "DELETE", path, moderator, 204)
    await call(site, "GET", path, alice, 404)
    await call(site, "POST", "/media", moderator, 422, json={"media_type": "episode", "title": "x"})
    await call(site, "POST", "/media", moderator, 422, json={"title": "x"})


async def test_an_episode_belongs_to_a_series(site: Site, alice: Person, moderator: Person) -> None:
    series = await call(site, "POST", "/media", moderator, 201, json={"media_type": "tv", "title": "S"})
    numbers = {"media_type": "episode", "title": "One", "season_number": 1, "episode_number": 1}
    await call(site, "POST", "/media", moderator, 422, json={**numbers, "parent_id": str(uuid.uuid4())})
    made = await call(site, "POST", "/media", moderator, 201, json={**numbers, "parent_id": series["id"]})
    found = await call(site, "GET", f"/media/{series['id']}/episodes", alice)
    assert [item["id"] for item in found["items"]] == [made["id"]]
    assert (await call(site, "GET", "/media", alice))["total"] == 1
    assert (await call(site, "GET", "/media?type=episode", alice))["total"] == 1


async def test_a_removed_film_waits_in_the_bin_and_comes_back_as_it_was(
    site: Site, house: House, alice: Person, moderator: Person
) -> None:
    media_id = await film(house)
    before = await call(site, "GET", f"/media/{media_id}/files", alice)
    await call(site, "POST", "/library/favorites", alice, 201, json={"media_id": media_id})
    watched = {"media_id": media_id, "progress_seconds": 30, "total_seconds": 100}
    await call(site, "POST", "/history/watch", alice, json=watched)

    await call(site, "DELETE", f"/media/{media_id}", moderator, 204)
    await call(site, "GET", f"/media/{media_id}", alice, 404)
    assert [name for name in house.names() if not name.startswith(".bin/")] == []
    assert not (house.folders.movies / "Dune - Deuxième partie (2024)").exists()
    binned = await call(site, "GET", "/library/bin", moderator)
    assert [item["media_id"] for item in binned["items"]] == [media_id]
    assert (await house.service.scanner.scan()).added == 0

    back = await call(site, "POST", f"/media/{media_id}/restore", moderator)
    assert (back["id"], back["title"]) == (media_id, DUNE.title)
    after = await call(site, "GET", f"/media/{media_id}/files", alice)
    assert [file["path"] for file in after["items"]] == [file["path"] for file in before["items"]]
    assert [file["file_id"] for file in after["items"]] == [file["file_id"] for file in before["items"]]
    status = await call(site, "GET", f"/library/status/{media_id}", alice)
    assert (status["favorite"], status["progress_seconds"], status["in_library"]) == (True, 30, True)
    report = await house.service.scanner.scan()
    assert (report.added, report.removed, report.changed) == (0, 0, 0)
    await call(site, "POST", f"/media/{media_id}/restore", moderator, 404)


async def test_a_removal_that_was_cut_off_is_finished(house: House, site: Site, alice: Person) -> None:
    media_id = uuid.UUID(await film(house))
    (file,) = await house.service.titles.files(media_id)
    target = str(house.folders.movies / ".bin" / str(media_id) / "x.mkv")
    await house.service.remover._bin.intend(media_id, [(file.path, target)], None)
    await house.service.tend()
    await call(site, "GET", f"/media/{media_id}", alice, 404)
    assert house.names() == [f".bin/{media_id}/x.mkv"]
    await house.service.remover.restore(media_id)
    assert len(await house.service.titles.files(media_id)) == 1


async def test_favorites_and_watchlist_are_each_persons_own(site: Site, house: House, alice: Person) -> None:
    media_id, bob = await film(house), await site.person("bob")
    await call(site, "POST", "/library/favorites", alice, 201, json={"media_id": media_id})
    await call(site, "POST", "/library/favorites", alice, 201, json={"media_id": media_id})
    mine = await call(site, "GET", "/library/favorites", alice)
    assert [(item["media_id"], item["media"]["title"]) for item in mine["items"]] == [(media_id, DUNE.title)]
    assert (await call(site, "GET", "/library/favorites", bob))["total"] == 0
    await call(site, "DELETE", f"/library/favorites/{media_id}", bob, 404)
    await call(site, "DELETE", f"/library/favorites/{media_id}", alice, 204)

    wish = await call(site, "POST", "/library/watchlist", alice, 201, json={"media_id": media_id})
    assert (wish["auto_download"], wish["priority"]) == (True, 0)
    wish = {"media_id": media_id, "priority": 3, "auto_download": False, "profile": "hd"}
    await call(site, "POST", "/library/watchlist", alice, 201, json=wish)
    (item,) = (await call(site, "GET", "/library/watchlist", alice))["items"]
    assert (item["priority"], item["auto_download"], item["profile"]) == (3, False, "hd")
    assert (await call(site, "GET", f"/library/status/{media_id}", alice))["watchlist"]
    assert not (await call(site, "GET", f"/library/status/{media_id}", bob))["watchlist"]
    await call(site, "DELETE", f"/library/watchlist/{media_id}", alice, 204)


async def test_a_tmdb_id_serves_where_a_media_id_does(site: Site, house: House, alice: Person) -> None:
    by_tmdb = {"tmdb_id": 693134, "media_type": "movie"}
    status = await call(site, "GET", "/library/status/693134/movie", alice)
    assert (status["media_id"], status["favorite"]) == (None, False)
    made = await call(site, "POST", "/library/favorites", alice, 201, json=by_tmdb)
    assert made["media"]["title"] == DUNE.title
    wished = await call(site, "POST", "/library/watchlist", alice, 201, json=by_tmdb)
    watched = await call(
        site, "POST", "/history/watch", alice, json={**by_tmdb, "progress_seconds": 1, "total_seconds": 9}
    )
    assert wished["media_id"] == watched["media_id"] == made["media_id"]
    status = await call(site, "GET", "/library/status/693134/movie", alice)
    assert (status["media_id"], status["favorite"], status["in_library"]) == (made["media_id"], True, False)
    await call(site, "POST", "/library/favorites", alice, 404, json={"tmdb_id": 1, "media_type": "movie"})
    await call(site, "POST", "/library/favorites", alice, 422, json={})
    await call(site, "POST", "/library/favorites", alice, 404, json={"media_id": str(uuid.uuid4())})
    house.metadata.down = True
    reply = await site.ask(
        "POST", f"{API}/library/favorites", alice, json={"tmdb_id": 2, "media_type": "movie"}
    )
    assert reply.status == 503
    assert reply.headers["Retry-After"]


async def test_history_goes_on_where_one_stopped(site: Site, house: House, alice: Person) -> None:
    media_id = await film(house)

    async def at(progress: float) -> Any:
        body = {"media_id": media_id, "progress_seconds": progress, "total_seconds": 100}
        return await call(site, "POST", "/history/watch", alice, json=body)

    assert (await at(42.5))["resume_at"] == 42.5
    (entry,) = (await call(site, "GET", "/history/continue", alice))["items"]
    assert (entry["media_id"], entry["progress_seconds"], entry["is_completed"]) == (media_id, 42.5, False)
    assert (await at(91))["is_completed"] is True
    assert (await call(site, "GET", "/history/continue", alice))["total"] == 0
    (entry,) = (await call(site, "GET", "/history/watched", alice))["items"]
    assert entry["resume_at"] == 0
    bob = await site.person("bob")
    await call(site, "DELETE", f"/history/{entry['id']}", bob, 404)
    await call(site, "DELETE", f"/history/{entry['id']}", alice, 204)
    assert (await call(site, "GET", "/history/watched", alice))["total"] == 0
    for body in ({"progress_seconds": -1, "total_seconds": 5}, {"progress_seconds": 1, "total_seconds": 0}):
        await call(site, "POST", "/history/watch", alice, 422, json={"media_id": media_id, **body})


async def test_collections_are_ordered_and_private_unless_said(
    site: Site, house: House, alice: Person
) -> None:
    film_id, bob = await film(house), await site.person("bob")
    other = await house.service.titles.add({"media_type": "movie", "title": "Alien"})
    made = await call(site, "POST", "/collections", alice, 201, json={"name": "Space"})
    path = f"/collections/{made['id']}"
    await call(site, "POST", f"{path}/media", alice, 201, json={"media_id": film_id})
    full = await call(
        site, "POST", f"{path}/media", alice, 201, json={"media_id": str(other.id), "position": 0}
    )
    assert [one["title"] for one in full["media"]] == ["Alien", DUNE.title]
    await call(site, "GET", path, bob, 404)
    await call(site, "PUT", path, bob, 404, json={"name": "x"})
    await call(site, "DELETE", path, bob, 404)
    await call(site, "POST", f"{path}/media", bob, 404, json={"media_id": film_id})
    assert (await call(site, "GET", "/collections", bob))["total"] == 0
    await call(site, "PUT", path, alice, json={"public": True})
    seen = await call(site, "GET", path, bob)
    assert (seen["mine"], seen["media_count"]) == (False, 2)
    await call(site, "DELETE", f"{path}/media/{film_id}", bob, 404)
    await call(site, "DELETE", f"{path}/media/{film_id}", alice, 204)
    assert (await call(site, "GET", path, alice))["media_count"] == 1
    await call(site, "DELETE", path, alice, 204)
    await call(site, "GET", path, alice, 404)


async def test_scans_and_lookups_are_tasks_done_once(
    site: Site, house: House, alice: Person, moderator: Person
) -> None:
    await call(site, "POST", "/library/scan", alice, 403)
    task = (await call(site, "POST", "/library/scan", moderator, 202))["task_id"]
    assert (await call(site, "POST", "/library/scan", moderator, 202))["task_id"] == task
    assert (await call(site, "POST", "/tasks", moderator, 202, json={"type": "library.scan"}))[
        "task_id"
    ] == task
    await call(site, "POST", "/tasks", moderator, 422, json={"type": "library.enrich"})
    await call(site, "POST", "/tasks", moderator, 422, json={"type": "rm -rf"})
    letters = await house.database.rows("SELECT payload FROM outbox WHERE subject = 'JOBS.library'")
    assert [letter["payload"]["id"] for letter in letters] == [task]
    house.film("movies/Dune - Part Two (2024)/Dune - Part Two (2024).mkv")
    await house.service.run_job(letters[0]["payload"])
    await house.service.run_job(letters[0]["payload"])
    told = await call(site, "GET", f"/tasks/{task}", moderator)
    assert (told["status"], told["result"]["added"]) == ("completed", 1)
    media_id = (await call(site, "GET", "/media", alice))["items"][0]["id"]
    await call(site, "POST", f"/media/{media_id}/enrich", moderator, 202)
    await call(site, "POST", f"/media/{uuid.uuid4()}/enrich", moderator, 404)


async def test_a_picture_that_is_not_there_is_404(site: Site, house: House, alice: Person) -> None:
    other = await house.service.titles.add(
        {"media_type": "movie", "title": "Alien", "poster_url": "http://127.0.0.1:1/x.jpg"}
    )
    one = await call(site, "GET", f"/media/{other.id}", alice)
    assert one["poster_url"] == f"{API}/media/{other.id}/poster"
    await call(site, "GET", f"/media/{other.id}/poster", alice, 404)
    await call(site, "GET", f"/media/{other.id}/backdrop", alice, 404)
