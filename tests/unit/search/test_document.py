"""What readers of a search get to see."""

from __future__ import annotations

import pytest

from sokoul.domain.offer import Offer, Protocol
from sokoul.features.search.document import is_shareable


@pytest.mark.parametrize(
    ("url", "shared"),
    [
        ("http://host/a.torrent", True),
        ("http://host/a.torrent?id=5&name=x", True),
        ("http://host:9696/1/download?apikey=abc&link=x", False),
        ("http://host/dl/?jackett_apikey=abc", False),
        ("https://host/download.php?torrent=1&PASSKEY=abc", False),
        ("https://host/torrents.php?authkey=1&torrent_pass=2", False),
        ("https://host/x?token=1", False),
    ],
)
def test_addresses_with_keys_stay_inside(url: str, *, shared: bool) -> None:
    assert is_shareable(Offer("1", "x", "p", url=url)) is shared


def test_addresses_that_want_headers_stay_inside() -> None:
    offer = Offer("1", "x", "p", Protocol.HLS, url="https://cdn/x.m3u8", headers=(("referer", "https://a/"),))
    assert not is_shareable(offer)


def test_files_of_the_library_are_the_readers_own() -> None:
    assert is_shareable(Offer("1", "x", "p", Protocol.LIBRARY, url="/api/v1/files/1/stream?token=x"))
