"""Tell whoever looks right now that the library changed."""

from __future__ import annotations

from typing import Any

from sokoul.domain.media import Work
from sokoul.features.library.model import Placement, Shelved
from sokoul.features.library.ports import Live

# Whoever watches downloads waits for just this.
TOPIC = "downloads"
SIGNAL = "library"


class Announcer:
    """Live events for pages, and the signal that other parts (the media server for televisions) listen to."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def ready(self, shelved: Shelved, placement: Placement, *, trail_id: str = "") -> None:
        """A film or an episode can be watched."""
        work = placement.work
        data: dict[str, Any] = {
            "media_id": shelved.media_id,
            "title_id": shelved.title_id,
            "file_id": shelved.file_id,
            "media_type": "episode" if placement.is_episode else work.media_type.value,
            "trail_id": trail_id,
            **_named(work),
        }
        if placement.is_episode:
            data |= {"season_number": placement.season, "episode_number": placement.episodes[0]}
        await self._live.tell(TOPIC, "media.ready", data)
        await self.changed()

    async def changed(self) -> None:
        """Something in the lists is other than before."""
        await self._live.signal(SIGNAL, {})


def _named(work: Work) -> dict[str, Any]:
    return {"title": work.title, "year": work.year, "tmdb_id": work.tmdb_id}
