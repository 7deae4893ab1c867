"""Films big enough to be streamed, made once and kept in `.cache/test-media`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.samples import FOLDER

NAME = "Glass.Tides.2021.1080p.WEB-DL.AAC2.0.H.264-SOKOUL.mkv"
SECONDS = 120
# A constant rate, so that 76 MB are two minutes and 75 % of the bytes are 75 % of the time.
_RECIPE = (
    "-f lavfi -i testsrc2=size=640x360:rate=24 -f lavfi -i sine=frequency=440 -t {seconds}"
    " -c:v libx264 -preset ultrafast -g 48 -b:v 5000k -minrate 5000k -maxrate 5000k -bufsize 1000k"
    " -x264-params nal-hrd=cbr -c:a aac"
)


def film() -> Path:
    """76 MB of Matroska with its index at the end, two minutes long."""
    return _made("rate-5000k", NAME, _RECIPE.format(seconds=SECONDS))


def short_film() -> Path:
    """6 MB of Matroska, ten seconds long."""
    return _made("rate-5000k", "Short.Tides.2020.1080p.WEB-DL.H.264-SOKOUL.mkv", _RECIPE.format(seconds=10))


def late_index() -> Path:
    """19 MB of MP4 whose index (moov) comes last."""
    return _made("rate-5000k", "Late.Tides.2022.1080p.WEB-DL.H.264-SOKOUL.mp4", _RECIPE.format(seconds=30))


def _made(folder: str, name: str, recipe: str) -> Path:
    target = FOLDER / folder / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_name(f"{os.getpid()}-{name}")
        command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *recipe.split(), str(scratch)]
        subprocess.run(command, check=True, timeout=120)
        scratch.replace(target)
    return target
