"""Wicked torrents end before a byte of their content is fetched."""

from __future__ import annotations

import pytest

from sokoul.domain.users import User
from sokoul.features.download.model import Download, Status
from sokoul.features.download.service import Wish
from sokoul.testing.swarm import HostileFile, Shared, Swarm
from tests.integration.download.rig import Rig
from tests.torrents import short_film
from tests.waiting import until

VIDEO = HostileFile(("Film.2021.1080p.mkv",), b"\x1aE\xdf\xa3" * 20_000)
WICKED = {
    "parent": (VIDEO, HostileFile(("..", "..", "evil.mkv"))),
    "absolute": (VIDEO, HostileFile(("/etc/cron.d/evil.mkv",))),
    "empty component": (VIDEO, HostileFile(("", "evil.mkv"))),
    "backslash": (VIDEO, HostileFile(("a\\..\\evil.mkv",))),
    "program": (VIDEO, HostileFile(("Film.2021.1080p.mkv.exe",))),
    "archive": (VIDEO, HostileFile(("Film.2021.1080p.rar",))),
    "symlink": (VIDEO, HostileFile(("link.mkv",), b"", "l", ("..", "..", "etc", "passwd"))),
    "control characters": (VIDEO, HostileFile(("evil\x1b[2J.mkv",))),
    "long name": (VIDEO, HostileFile(("x" * 300 + ".mkv",))),
    "reversed": (VIDEO, HostileFile(("film\u202egpj.mkv",))),
    "no video": (HostileFile(("readme.txt",)),),
    "not utf-8": (VIDEO, HostileFile(("\udcff\udcfe.mkv",))),
}


async def ended(rig: Rig, wish: Wish, alice: User) -> Download:
    added = await rig.service.request(wish, by=alice.id)

    async def over() -> Download | None:
        found = await rig.service.get(added.id, by=alice)
        return found if found.status.ended else None

    found = await until(over)
    assert found is not None
    return found


@pytest.mark.parametrize("how", ["magnet", "torrent", "url"])
@pytest.mark.parametrize("kind", WICKED)
async def test_refused_with_no_payload(rig: Rig, swarm: Swarm, alice: User, kind: str, how: str) -> None:
    shared = await swarm.share_hostile(f"Film.2021.{how}", WICKED[kind])
    wish = {
        "magnet": Wish(magnet_link=shared.magnet),
        "torrent": Wish(torrent=shared.torrent),
        "url": Wish(torrent_url=shared.torrent_url),
    }[how]
    found = await ended(rig, wish, alice)
    assert found.status is Status.FAILED
    assert found.trouble is not None
    assert found.trouble.code in {"unsafe_path", "dangerous_file", "no_video", "bad_torrent"}
    assert found.trouble.message
    assert swarm.uploaded(shared) == 0
    assert rig.on_disk() == []
    assert not rig.importer.adopted


async def test_a_fine_neighbour_is_fetched_all_the_same(rig: Rig, swarm: Swarm, alice: User) -> None:
    swarm.limit(0)
    wicked = await swarm.share_hostile("Film.2021", WICKED["program"])
    fine: Shared = await swarm.share(short_film())
    bad = await rig.service.request(Wish(magnet_link=wicked.magnet), by=alice.id)
    good = await rig.service.request(Wish(magnet_link=fine.magnet), by=alice.id)

    async def over() -> bool:
        return (await rig.service.get(good.id, by=alice)).status is Status.SEEDING

    await until(over)
    assert (await rig.service.get(bad.id, by=alice)).status is Status.FAILED


async def test_a_private_address_is_not_fetched(rig: Rig, alice: User, unused_tcp_port: int) -> None:
    rig_wish = Wish(torrent_url=f"http://127.0.0.1:{unused_tcp_port}/x.torrent")
    added = await rig.service.request(rig_wish, by=alice.id)

    async def tried() -> bool:
        return (await rig.service.get(added.id, by=alice)).status in {Status.METADATA, Status.FAILED}

    await until(tried)
    assert await rig.store.torrent(added.id) is None


async def test_trackers_inside_the_house_are_left_out(rig: Rig, swarm: Swarm, alice: User) -> None:
    shared = await swarm.share(short_film())
    inside = "".join(f"&tr=http%3A%2F%2F10.0.0.{n}%3A80%2Fannounce" for n in range(250))
    seeds = "&ws=http%3A%2F%2F127.0.0.1%3A1%2Ffile"
    magnet = shared.magnet + inside * 40 + seeds
    added = await rig.service.request(Wish(magnet_link=magnet), by=alice.id)

    async def known() -> bool:
        return bool((await rig.service.get(added.id, by=alice)).files)

    await until(known)
    trackers = await rig.engine.trackers(added.id)
    assert trackers == [swarm.tracker_url]
