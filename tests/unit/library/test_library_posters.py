"""Pictures kept on our own disk, and only pictures."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import pytest

from sokoul.domain.errors import NotFound, ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.features.library.model import Title
from sokoul.features.library.posters import PosterStore, media_type

JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0rest", b"\x89PNG\r\n\x1a\nrest", b"RIFF\0\0\0\0WEBPrest"
ADDRESS = "https://pictures.example/x"


class OneTitle:
    """A store with one title in it."""

    def __init__(self, poster: str | None) -> None:
        self.one = Title(uuid.uuid4(), MediaType.MOVIE, "x", poster_url=poster)

    async def title(self, title_id: uuid.UUID) -> Title:
        return self.one

    async def pictured(self, limit: int) -> list[Title]:
        return [self.one]


class Web:
    """Answers with the same bytes and counts."""

    def __init__(self, body: bytes | None) -> None:
        self.body, self.asked = body, 0

    async def fetch(self, address: str, *, limit: int) -> bytes:
        self.asked += 1
        await asyncio.sleep(0)
        if self.body is None:
            raise ProviderUnavailable("it does not answer")
        return self.body

    async def get(self, size: str, name: str) -> tuple[bytes, str]:
        self.asked += 1
        return PNG, "image/png"


def store(folder: Path, poster: str | None, web: Web) -> tuple[PosterStore, uuid.UUID]:
    titles = OneTitle(poster)
    made = PosterStore(
        titles,  # type: ignore[arg-type]  # only what posters ask of it
        folder / "other",
        sized=web,
        sized_folder=folder / "tmdb",
        pictures=web,
    )
    return made, titles.one.id


async def test_a_picture_is_fetched_once(tmp_path: Path) -> None:
    web = Web(JPEG)
    posters, title = store(tmp_path, ADDRESS, web)
    assert await posters.on_disk(title) is None
    answers = await asyncio.gather(*(posters.get(title, "poster") for _ in range(5)))
    assert answers == [(JPEG, "image/jpeg")] * 5
    assert web.asked == 1
    path = await posters.on_disk(title)
    assert path is not None
    assert path.read_bytes() == JPEG
    web.body = None
    assert await posters.get(title, "poster") == (JPEG, "image/jpeg")


async def test_what_is_no_picture_is_not_kept(tmp_path: Path) -> None:
    posters, title = store(tmp_path, ADDRESS, Web(b"<svg onload=alert(1)>"))
    with pytest.raises(NotFound):
        await posters.get(title, "poster")
    assert not list(tmp_path.rglob("*.*"))
    with pytest.raises(NotFound):
        await posters.get(title, "backdrop")


async def test_the_metadata_sources_own_pictures_come_from_its_folder(tmp_path: Path) -> None:
    web = Web(None)
    posters, title = store(tmp_path, "/api/v1/tmdb/image/w500/abc.png", web)
    assert await posters.get(title, "poster") == (PNG, "image/png")
    (tmp_path / "tmdb" / "w500").mkdir(parents=True)
    (tmp_path / "tmdb" / "w500" / "abc.png").write_bytes(PNG)
    assert await posters.on_disk(title) == tmp_path / "tmdb" / "w500" / "abc.png"


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "/etc/passwd", "/api/v1/tmdb/image/w500/../../x", "x"]
)
async def test_no_other_address_is_followed(tmp_path: Path, address: str) -> None:
    web = Web(JPEG)
    posters, title = store(tmp_path, address, web)
    with pytest.raises(NotFound):
        await posters.get(title, "poster")
    assert web.asked == 0


async def test_prefetching_never_fails(tmp_path: Path) -> None:
    posters, _ = store(tmp_path, ADDRESS, Web(None))
    await posters.prefetch_missing(10)


def test_pictures_are_told_by_their_bytes() -> None:
    assert [media_type(body) for body in (JPEG, PNG, WEBP)] == ["image/jpeg", "image/png", "image/webp"]
    for body in (b"", b"RIFF\0\0\0\0WAVE", b"GIF89a", b"<html>"):
        with pytest.raises(NotFound):
            media_type(body)
