"""What a captured playlist says of itself: its best picture and the languages of its sound."""

from __future__ import annotations

import re
from typing import Final

_HLS_SIZE: Final = re.compile(r"#EXT-X-STREAM-INF:[^\n]*?RESOLUTION=\d{1,5}x(\d{1,5})")
_DASH_SIZE: Final = re.compile(r'<Representation\b[^>]*?\bheight="(\d{1,5})"')
_HLS_SOUND: Final = re.compile(r'#EXT-X-MEDIA:(?=[^\n]*TYPE=AUDIO)[^\n]*?LANGUAGE="([A-Za-z-]{2,12})"')
_DASH_SOUND: Final = re.compile(r'<AdaptationSet\b(?=[^>]*audio)[^>]*?\blang="([A-Za-z-]{2,12})"')
_MOST: Final = 8


def height(text: str) -> str:
    """The height in pixels of the largest picture; nothing where the playlist does not say."""
    found = [int(one) for one in (*_HLS_SIZE.findall(text), *_DASH_SIZE.findall(text))]
    return str(max(found)) if found else ""


def languages(text: str) -> str:
    """The languages of its sound, as the playlist writes them."""
    found = dict.fromkeys([*_HLS_SOUND.findall(text), *_DASH_SOUND.findall(text)])
    return " ".join(list(found)[:_MOST])
