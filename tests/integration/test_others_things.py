"""What is somebody's own looks to others as if it did not exist; the whole application, wired as it runs."""

from __future__ import annotations

import uuid
from typing import Any

from tests.integration.house import House

MAGNET = "magnet:?xt=urn:btih:" + "ab" * 20 + "&dn=A+film+of+alice"


async def _belongings(house: House) -> dict[str, str]:
    """Something of alice's of every kind; the ids by name."""

    async def make(path: str, body: Any, key: str = "id") -> str:
        status, answer = await house.ask("alice", "POST", path, body)
        assert status in (200, 201, 202), (path, answer)
        return str(answer[key])

    status, media = await house.ask(
        "mod", "POST", "/media", {"media_type": "movie", "title": "A film", "year": 2020}
    )
    assert status == 201, media
    watch = {"media_id": media["id"], "progress_seconds": 10, "total_seconds": 100}
    _, sessions = await house.ask("alice", "GET", "/auth/sessions")
    return {
        "media": media["id"],
        "key": await make("/auth/api-keys", {"name": "script"}),
        "session": sessions["items"][0]["id"],
        "collection": await make("/collections", {"name": "mine", "public": False}),
        "download": await make("/downloads/start", {"magnet_link": MAGNET}, "download_id"),
        "favorite": await make("/library/favorites", {"media_id": media["id"]}, "media_id"),
        "wish": await make("/library/watchlist", {"media_id": media["id"]}, "media_id"),
        "history": await make("/history/watch", watch),
    }


async def test_to_others_it_does_not_exist(house: House) -> None:
    own = await _belongings(house)
    attempts = [
        ("GET", f"/downloads/{own['download']}", None),
        ("POST", f"/downloads/{own['download']}/pause", {}),
        ("POST", f"/downloads/{own['download']}/resume", {}),
        ("POST", f"/downloads/{own['download']}/cancel", {"delete_files": True}),
        ("GET", f"/downloads/{own['download']}/files/0/stream", None),
        ("GET", f"/collections/{own['collection']}", None),
        ("PUT", f"/collections/{own['collection']}", {"name": "bob's now"}),
        ("POST", f"/collections/{own['collection']}/media", {"media_id": own["media"]}),
        ("DELETE", f"/collections/{own['collection']}/media/{own['media']}", None),
        ("DELETE", f"/collections/{own['collection']}", None),
        ("DELETE", f"/history/{own['history']}", None),
        ("DELETE", f"/library/favorites/{own['media']}", None),
        ("DELETE", f"/library/watchlist/{own['media']}", None),
        ("DELETE", f"/auth/api-keys/{own['key']}", None),
        ("DELETE", f"/auth/sessions/{own['session']}", None),
        ("GET", f"/tasks/{uuid.uuid4()}", None),
    ]
    seen = {
        f"{method} {path}": (await house.ask("bob", method, path, body))[0] for method, path, body in attempts
    }
    assert {what: status for what, status in seen.items() if status != 404} == {}
    # Nothing of it has happened to alice's things.
    assert (await house.ask("alice", "GET", f"/downloads/{own['download']}"))[1]["status"] == "queued"
    assert (await house.ask("alice", "GET", f"/collections/{own['collection']}"))[1]["name"] == "mine"
    assert (await house.ask("alice", "GET", "/auth/me"))[0] == 200
    status, found = await house.ask("alice", "GET", f"/library/status/{own['media']}")
    assert status == 200
    assert found["favorite"] is True


async def test_lists_hold_only_ones_own(house: House) -> None:
    await _belongings(house)
    for path in (
        "/downloads",
        "/collections",
        "/library/favorites",
        "/library/watchlist",
        "/history/continue",
        "/history/watched",
        "/auth/api-keys",
        "/tasks",
    ):
        status, answer = await house.ask("bob", "GET", path)
        assert (path, status, answer["items"], answer["total"]) == (path, 200, [], 0)


async def test_moderators_see_downloads_of_all(house: House) -> None:
    own = await _belongings(house)
    status, answer = await house.ask("mod", "GET", f"/downloads/{own['download']}")
    assert (status, answer["download_id"]) == (200, own["download"])


async def test_nobody_makes_themselves_more_than_they_are(house: House) -> None:
    bob = (await house.ask("bob", "GET", "/auth/me"))[1]["id"]
    alice = (await house.ask("alice", "GET", "/auth/me"))[1]["id"]
    claims = {"role": "admin", "owner_id": alice, "user_id": alice, "wanted_by": alice, "id": alice}
    status, made = await house.ask("bob", "POST", "/collections", {"name": "x", **claims})
    assert status == 201
    assert made["owner_id"] == bob
    assert made["id"] != alice
    assert (await house.ask("bob", "POST", "/auth/api-keys", {"name": "x", **claims}))[0] == 201
    assert (await house.ask("alice", "GET", "/auth/api-keys"))[1]["total"] == 0
    assert (await house.ask("bob", "GET", "/auth/me"))[1]["role"] == "user"
