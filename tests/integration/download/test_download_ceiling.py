"""Nobody downloads above their ceiling, whatever way the release comes in."""

from __future__ import annotations

import pytest

from sokoul.domain.errors import Refused
from sokoul.domain.users import User
from sokoul.features.download.model import Status
from sokoul.features.download.service import Wish
from sokoul.store.database import Database
from sokoul.testing.swarm import HostileFile, Swarm
from tests.integration.download.rig import Rig
from tests.integration.download.test_download_hostile import ended
from tests.integration.download.test_download_picked import FILM, picked


async def test_a_name_above_the_ceiling_is_refused_at_once(rig: Rig, database: Database, alice: User) -> None:
    magnet = "magnet:?xt=urn:btih:" + "ab" * 20 + "&dn=Film.2024.2160p.WEB-DL.x265-GRP"
    rig.ceilings[alice.id] = 1080
    with pytest.raises(Refused, match="your account goes up to 1080p") as refused:
        await rig.service.request(Wish(magnet_link=magnet), by=alice.id)
    assert refused.value.code == "ceiling"
    result = await picked(database, alice, FILM)
    await database.run("UPDATE search_results SET title = 'Film.2024.2160p.WEB-GRP' WHERE id = $1", result)
    with pytest.raises(Refused):
        await rig.service.request(Wish(result_id=result), by=alice.id)
    rig.ceilings[alice.id] = 2160
    assert (await rig.service.request(Wish(magnet_link=magnet), by=alice.id)).created


@pytest.mark.parametrize("name", ["Film.2024.2160p.WEB", "some pack"])
async def test_a_link_that_names_nothing_is_looked_into_before_a_byte_is_fetched(
    rig: Rig, swarm: Swarm, alice: User, name: str
) -> None:
    rig.ceilings[alice.id] = 1080
    video = HostileFile(("Film.2024.2160p.WEB-GRP.mkv",), b"\x1aE\xdf\xa3" * 20_000)
    shared = await swarm.share_hostile(name, (video,))
    silent = "&".join(part for part in shared.magnet.split("&") if not part.startswith("dn="))
    found = await ended(rig, Wish(magnet_link=silent), alice)
    assert (found.status, found.trouble and found.trouble.code) == (Status.FAILED, "ceiling")
    assert swarm.uploaded(shared) == 0
    assert rig.on_disk() == []
