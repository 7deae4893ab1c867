"""Small films of our own making, for the demo and for tests: colours in motion, a tone, two subtitles."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sokoul.domain.errors import SokoulError

# Drawn small and then enlarged: quick to make, and soft enough for its bit rate.
_AURORA = (
    "gradients=s=480x270:r=24:c0=0x0b1026:c1=0x1d6f8a:c2=0x3ecf8e:c3=0x7b5bff:nb_colors=4:speed=0.02"
    ":x0=40:y0=20:x1=440:y1=260:seed=7,scale=1920:1080:flags=bicubic,noise=alls=3:allf=t"
)
_COAST = (
    "mandelbrot=s=480x270:rate=24:maxiter=180:start_scale=2.4:end_scale=0.3:end_pts=360:inner=black,"
    "gblur=sigma=1,hue=s=0,pseudocolor=preset=viridis,scale=1920:1080:flags=bicubic"
)
# At a constant rate, filled up where the picture needs less: a download should take its time.
_RATE = "1700k"


@dataclass(frozen=True, slots=True)
class Film:
    """One film to be made: `scene` is drawn for `clip` seconds and shown `times` times."""

    file_name: str
    scene: str
    tone: int
    clip: int = 15
    times: int = 8
    subtitles: tuple[tuple[str, str], ...] = ()

    @property
    def seconds(self) -> int:
        return self.clip * self.times


AURORA = Film(
    "Aurora.Field.2024.1080p.WEB-DL.AAC2.0.H.264-SOKOUL.mkv",
    _AURORA,
    220,
    subtitles=(("eng", "The light comes up."), ("fre", "La lumière monte.")),
)
COAST = Film("Infinite.Coast.2023.1080p.WEB-DL.AAC2.0.H.264-SOKOUL.mp4", _COAST, 330)


async def make(film: Film, folder: Path, *, ffmpeg: str = "ffmpeg") -> Path:
    """The film in `folder`, made now unless it is there; raises `SokoulError` where FFmpeg fails."""
    target = folder / film.file_name
    if target.exists():
        return target
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as scratch:
        clip, whole = Path(scratch) / "clip.mkv", Path(scratch) / film.file_name
        await _run(ffmpeg, *_draw(film), str(clip))
        await _run(ffmpeg, *_assemble(film, clip, Path(scratch)), str(whole))
        whole.rename(target)
    return target


def _draw(film: Film) -> list[str]:
    return [
        *("-f", "lavfi", "-i", film.scene, "-f", "lavfi", "-i", f"sine=f={film.tone}", "-t", str(film.clip)),
        *("-c:v", "libx264", "-preset", "ultrafast", "-g", "48", "-pix_fmt", "yuv420p"),
        *("-b:v", _RATE, "-minrate", _RATE, "-maxrate", _RATE, "-bufsize", _RATE),
        *("-x264-params", "nal-hrd=cbr", "-c:a", "aac", "-b:a", "96k", "-ac", "2"),
    ]


def _assemble(film: Film, clip: Path, scratch: Path) -> list[str]:
    inputs = ["-stream_loop", str(film.times - 1), "-i", str(clip)]
    maps = ["-map", "0:v", "-map", "0:a", "-c", "copy"]
    for number, (language, words) in enumerate(film.subtitles):
        file = scratch / f"{language}.srt"
        file.write_text(_subtitle(words, film.seconds), encoding="utf-8")
        inputs += ["-i", str(file)]
        maps += ["-map", str(number + 1), "-c:s", "srt", f"-metadata:s:s:{number}", f"language={language}"]
    return [*inputs, *maps]


def _subtitle(words: str, seconds: int) -> str:
    cues = []
    for number, start in enumerate(range(0, seconds, 5), 1):
        cues.append(f"{number}\n{_time(start)} --> {_time(start + 4)}\n{words} ({start} s)\n")
    return "\n".join(cues)


def _time(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},000"


async def _run(ffmpeg: str, *arguments: str) -> None:
    try:
        process = await asyncio.create_subprocess_exec(
            ffmpeg,
            *("-nostdin", "-v", "error", "-y", *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except FileNotFoundError as err:
        raise SokoulError(
            f"{ffmpeg} is not there, and the films are made with it: install Debian's package ffmpeg"
        ) from err
    _, errors = await process.communicate()
    if process.returncode != 0:
        raise SokoulError(f"FFmpeg could not make a film: {errors.decode(errors='replace')[-500:]}")
