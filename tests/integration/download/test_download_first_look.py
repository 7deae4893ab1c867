"""Play lights up after a look into the first pieces: what they show is known, and what is no film says so."""

from __future__ import annotations

import secrets
from pathlib import Path

from sokoul.domain.users import User
from sokoul.features.download.document import document
from sokoul.features.download.model import Download, Status
from sokoul.features.download.service import Wish
from sokoul.testing.swarm import Shared, Swarm
from tests.integration.download.rig import Rig
from tests.waiting import until


async def seen(rig: Rig, wish: Wish, alice: User) -> Download:
    """The download once its file was looked into."""
    added = await rig.service.request(wish, by=alice.id)

    async def looked() -> Download | None:
        download = await rig.service.get(added.id, by=alice)
        return download if download.files and download.files[0].seen else None

    found = await until(looked, within=30)
    assert found is not None
    return found


async def test_the_facts_are_there_while_it_comes_in(rig: Rig, shared: Shared, alice: User) -> None:
    download = await seen(rig, Wish(magnet_link=shared.magnet), alice)
    assert download.status is Status.DOWNLOADING
    assert download.done_bytes < download.total_bytes / 2
    told = document(download)["files"][0]
    assert told["playable"]
    assert told["seen"]["ok"]
    assert told["seen"]["video"] == {"codec": "h264", "width": 640, "height": 360}
    assert [track["codec"] for track in told["seen"]["audio"]] == ["aac"]
    assert abs(told["seen"]["duration"] - 120) < 1


async def test_what_is_no_film_says_so(rig: Rig, swarm: Swarm, tmp_path: Path, alice: User) -> None:
    fake = tmp_path / "Glass.Tides.2021.1080p.WEB-DL.H.264-FAKE.mkv"
    fake.write_bytes(secrets.token_bytes(8_000_000))
    shared = await swarm.share(fake)
    download = await seen(rig, Wish(magnet_link=shared.magnet), alice)
    told = document(download)["files"][0]["seen"]
    assert told["ok"] is False
    assert told["problem"]
