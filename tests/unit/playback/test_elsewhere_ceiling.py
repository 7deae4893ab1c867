"""What a person may have also holds for what is played where it is."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from sokoul.domain.debrid import Service
from sokoul.domain.errors import NotFound, Refused
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Offer, Protocol
from sokoul.features.playback.elsewhere import Elsewhere, Stream, Subtitle

CHILD, PARENT = uuid4(), uuid4()
SHARP = "Film.2020.2160p.WEB-DL.x265-GRP"


class House:
    """One search result; a debrid service that hands out a file of the name given."""

    def __init__(self, offer: Offer, file: str, qualities: tuple[str, ...] = ()) -> None:
        self.offer, self.file, self.qualities = offer, file, qualities

    async def found(self, result_id: UUID, user_id: UUID) -> Offer | None:
        del result_id, user_id
        return self.offer

    async def film(self, user_id: UUID, magnet: str, info_hash: str) -> tuple[Service, str, str]:
        del user_id, magnet, info_hash
        return next(iter(Service)), "https://cdn.example/film", self.file

    async def of_work(
        self, media_type: MediaType, tmdb_id: int, season: int | None, episode: int | None
    ) -> tuple[list[Stream], list[Subtitle]]:
        if tmdb_id != 1:
            raise NotFound(f"{media_type} {tmdb_id} {season} {episode}")
        return [Stream(f"https://h.example/{one}", one) for one in self.qualities], []


@pytest.mark.parametrize("protocol", [Protocol.HTTP, Protocol.HLS, Protocol.TORRENT])
@pytest.mark.parametrize(
    ("title", "file"), [(SHARP, "film.mkv"), ("Film 2020", f"folder/{SHARP}.mkv")], ids=["title", "file"]
)
async def test_more_lines_than_one_may_have_are_not_played(protocol: Protocol, title: str, file: str) -> None:
    offer = Offer(title, title, "one", protocol=protocol, url="https://h.example/f", info_hash="ab" * 20)
    house = House(offer, file)
    player = Elsewhere(house, house, house, {CHILD: 1080, PARENT: None}.get)
    assert (await player.streams(uuid4(), user_id=PARENT)).sources
    if title == SHARP or protocol is Protocol.TORRENT:
        with pytest.raises(Refused, match="2160"):
            await player.streams(uuid4(), user_id=CHILD)
    else:
        assert (await player.streams(uuid4(), user_id=CHILD)).sources


async def test_streams_of_a_work_keep_to_the_ceiling() -> None:
    house = House(Offer("o", "o", "one"), "", ("720p", "2160p", "auto", "1080p"))
    player = Elsewhere(house, house, house, {CHILD: 1080, PARENT: None}.get)

    async def qualities(user_id: UUID) -> list[str | None]:
        found = await player.of_work(MediaType.MOVIE, 1, None, None, user_id=user_id)
        return [stream.quality for stream in found.sources]

    assert await qualities(PARENT) == ["auto", "2160p", "1080p", "720p"]
    assert await qualities(CHILD) == ["auto", "1080p", "720p"]
    house.qualities = ("2160p",)
    with pytest.raises(Refused, match="1080"):
        await qualities(CHILD)
