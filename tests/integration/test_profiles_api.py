"""Quality profiles over HTTP, on the real database: made, changed, tried out, taken in."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.integration.house import House

MINE: dict[str, Any] = {
    "name": "living room",
    "steps": [
        {"name": "WEB 720p", "qualities": ["WEBRip-720p", "WEBDL-720p"]},
        {"name": "CAM", "qualities": ["CAM"], "allowed": False},
        {"name": "1080p", "qualities": ["WEBDL-1080p", "Bluray-1080p"]},
    ],
    "until": "1080p",
    "formats": [
        {"name": "Good", "points": 100, "conditions": [{"kind": "group", "value": "^(GOOD)$"}]},
    ],
    "must_not": ["hdr"],
}


async def test_a_profile_lives_and_dies(house: House) -> None:
    status, made = await house.ask("root", "POST", "/profiles", MINE)
    assert (status, made["locked"], made["until"]) == (201, False, "1080p")
    status, listed = await house.ask("alice", "GET", "/profiles")
    assert [(one["name"], one["locked"], one["default"]) for one in listed["items"]] == [
        ("hd", True, True),
        ("living room", False, False),
    ]
    status, read = await house.ask("alice", "GET", "/profiles/living%20room")
    assert read["formats"][0]["conditions"][0]["value"] == "^(GOOD)$"
    assert (await house.ask("root", "POST", "/profiles", MINE))[0] == 409
    changed = {**MINE, "min_seeders": 7, "name": "Salon – 4K é"}
    status, told = await house.ask("root", "PUT", "/profiles/living%20room", changed)
    assert (status, told["name"], told["min_seeders"]) == (200, "Salon – 4K é", 7)
    assert (await house.ask("root", "GET", "/profiles/living%20room"))[0] == 404
    assert (await house.ask("root", "DELETE", "/profiles/Salon%20%E2%80%93%204K%20%C3%A9"))[0] == 204
    assert (await house.ask("root", "DELETE", "/profiles/nothing"))[0] == 404


async def test_what_the_file_sets_is_locked(house: House) -> None:
    status, told = await house.ask("root", "PUT", "/profiles/hd", {"minimum": "720p", "cutoff": "1080p"})
    assert status == 409
    assert "configuration file" in told["detail"]
    assert (await house.ask("root", "DELETE", "/profiles/hd"))[0] == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": "nothing"}, "until"),
        ({"name": "a/b"}, "name"),
        ({"name": "\u202eevil"}, "name"),
        ({"must": ["/(/"]}, "must.0"),
        ({"languages": ["klingon"]}, "languages.0"),
        ({"min_seeders": -1}, "min_seeders"),
        (
            {
                "formats": [
                    {"name": "x", "conditions": [{"kind": "title", "value": "((a{1,99}){1,99}){1,99}b"}]}
                ]
            },
            "formats.0.conditions.0.value",
        ),
        (
            {"formats": [{"name": "x", "conditions": [{"kind": "mood", "value": "x"}]}]},
            "formats.0.conditions.0.kind",
        ),
        ({"steps": [{"name": "x", "qualities": ["Holodeck"]}]}, "steps.0.qualities"),
    ],
)
async def test_faults_name_their_fields(house: House, changes: dict[str, Any], field: str) -> None:
    status, told = await house.ask("root", "POST", "/profiles", {**MINE, **changes})
    assert status == 422
    assert field in [error["field"] for error in told["errors"]]


async def test_a_preview_keeps_nothing(house: House) -> None:
    names = [
        {"name": "Film.2020.1080p.WEB-DL.x264-GOOD", "size_bytes": 4_000_000_000, "seeders": 50},
        {"name": "Film.2020.1080p.WEB-DL.x264-OTHER", "size_bytes": 4_000_000_000, "seeders": 50},
        {"name": "Film.2020.HDCAM.x264-X", "size_bytes": 1_000_000_000, "seeders": 50},
    ]
    rules = {key: value for key, value in MINE.items() if key != "name"}
    body = {"profile": rules, "names": names, "wanted": {"title": "Film", "year": 2020}}
    status, told = await house.ask("root", "POST", "/profiles/preview", body)
    assert status == 200
    assert [item["place"] for item in told["items"]] == [0, 1, 2]
    for item in told["items"]:
        assert sum(reason["points"] for reason in item["score_reasons"]) == item["score"]
    assert told["items"][2]["accepted"] is False
    assert (await house.ask("root", "GET", "/profiles"))[1]["total"] == 1
    assert (await house.ask("root", "POST", "/profiles/preview", {**body, "names": names * 70}))[0] == 422


FORMAT = {
    "name": "FLUX",
    "trash_id": "f1",
    "trash_scores": {"default": 100},
    "specifications": [
        {
            "name": "FLUX",
            "implementation": "ReleaseGroupSpecification",
            "negate": False,
            "required": True,
            "fields": {"value": "^(FLUX)$"},
        }
    ],
}
PROFILE = {
    "name": "WEB",
    "cutoff": "WEB 1080p",
    "minFormatScore": 0,
    "items": [{"name": "WEB 1080p", "allowed": True, "items": ["WEBRip-1080p", "WEBDL-1080p"]}],
    "formatItems": {"FLUX": "f1", "Missing": "f2"},
}


async def test_profiles_of_others_are_taken_in(house: House) -> None:
    body = {"documents": [{"name": "all.json", "text": json.dumps([FORMAT, PROFILE])}]}
    status, told = await house.ask("root", "POST", "/profiles/import", body)
    assert (status, told["saved"], [one["name"] for one in told["profiles"]]) == (200, True, ["WEB"])
    assert told["notes"] == ["WEB: the format “Missing” was not given; import its file along"]
    assert (await house.ask("alice", "GET", "/profiles/WEB"))[1]["formats"][0]["points"] == 100
    # Once more replaces it, and formats alone say where they go.
    assert (await house.ask("root", "POST", "/profiles/import", body))[0] == 200
    alone = {"documents": [{"text": json.dumps({**FORMAT, "name": "NTb"})}]}
    assert (await house.ask("root", "POST", "/profiles/import", alone))[0] == 422
    assert (await house.ask("root", "POST", "/profiles/import", {**alone, "into": "hd"}))[0] == 409
    status, told = await house.ask("root", "POST", "/profiles/import", {**alone, "into": "WEB"})
    assert [each["name"] for each in told["profiles"][0]["formats"]] == ["FLUX", "NTb"]
    broken = {"documents": [{"name": "x.json", "text": "{nothing"}]}
    assert (await house.ask("root", "POST", "/profiles/import", broken))[0] == 422


async def test_a_person_has_a_default_and_a_ceiling(house: House) -> None:
    await house.ask("root", "POST", "/profiles", MINE)
    _, me = await house.ask("alice", "GET", "/auth/me")
    path = f"/admin/users/{me['id']}/profile"
    body = {"profile": "living room", "ceiling": "1080p"}
    assert (await house.ask("root", "PUT", path, body))[1] == body
    assert (await house.ask("root", "GET", path))[1] == body
    _, listed = await house.ask("alice", "GET", "/profiles")
    assert [one["name"] for one in listed["items"] if one["default"]] == ["living room"]
    assert (await house.ask("root", "PUT", path, {"profile": "nothing"}))[0] == 422
    assert (await house.ask("root", "PUT", f"/admin/users/{uuid.uuid4()}/profile", body))[0] == 404


async def test_a_title_has_slots(house: House) -> None:
    film = {"title": "Film", "media_type": "movie", "year": 2020}
    _, made = await house.ask("root", "POST", "/media", film)
    path = f"/media/{made['id']}/slots"
    assert (await house.ask("alice", "GET", path))[1] == {"slots": [], "would_fill": None}
    slots = {"slots": [{"name": "1080p", "profile": "hd"}, {"name": "4K", "profile": "hd"}]}
    _, told = await house.ask("mod", "PUT", path, slots)
    assert [(slot["name"], slot["profile"], slot["file_id"]) for slot in told["slots"]] == [
        ("1080p", "hd", None),
        ("4K", "hd", None),
    ]
    assert (await house.ask("alice", "GET", path))[1] == told
    _, asked = await house.ask("alice", "GET", f"{path}?release=Film.2020.1080p.WEB-DL.x264-G")
    assert asked["would_fill"] == "1080p"
    twice = {"slots": [{"name": "4K", "profile": "hd"}, {"name": "4k", "profile": "nothing"}]}
    _, told = await house.ask("mod", "PUT", path, twice)
    assert [error["field"] for error in told["errors"]] == ["slots.1.profile", "slots.1.name"]
    assert (await house.ask("alice", "GET", f"/media/{uuid.uuid4()}/slots"))[0] == 404
