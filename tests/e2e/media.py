"""Films for the end-to-end tests, made once and kept in the checkout's cache."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache" / "test-media"


async def noisy_film(name: str, *, megabytes: int = 76, seconds: int = 60) -> Path:
    """An MKV (H.264, AAC, one subtitle, keyframes every two seconds) of about that size."""
    target = CACHE / f"{megabytes}-{seconds}" / name
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    rate = int(megabytes * 8_000_000 / seconds - 96_000)
    words = target.parent / f"{os.getpid()}.srt"
    words.write_text("1\n00:00:01,000 --> 00:00:04,000\nHello\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *("ffmpeg", "-nostdin", "-v", "error", "-y"),
        *("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=24,noise=alls=60:allf=t"),
        *("-f", "lavfi", "-i", "sine=f=330", "-i", str(words), "-t", str(seconds)),
        *("-c:v", "libx264", "-preset", "ultrafast", "-b:v", str(rate), "-maxrate", str(rate)),
        *("-bufsize", str(rate), "-nal-hrd", "cbr", "-g", "48", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-b:a", "96k", "-c:s", "srt", "-f", "matroska", str(part)),
    )
    assert await process.wait() == 0
    words.unlink()
    part.rename(target)
    return target
