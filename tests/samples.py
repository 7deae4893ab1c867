"""Small films for tests, made once by FFmpeg and kept in `.cache/test-media`."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.shared import ROOT

FOLDER = ROOT / ".cache" / "test-media"

SRT = """1
00:00:01,000 --> 00:00:02,500
Bonjour <b>toi</b> é

2
00:00:12,000 --> 00:00:14,000
Deux <font color="red">rouge</font>
"""

PICTURE = "-f lavfi -i testsrc2=s=320x180:r=25:d=20"
TONE = "-f lavfi -i sine=f=440:r=48000:d=20"
H264 = "-c:v libx264 -preset veryfast -g 50 -bf 2 -pix_fmt yuv420p"
SOURCE = f"{PICTURE} {TONE} {H264} -c:a aac -b:a 96k"

# Each sample: arguments for ffmpeg; {name} stands for another sample, {srt} and {chapters} for written files.
RECIPES = {
    "end.mp4": SOURCE,
    "fast.mp4": "-i {end.mp4} -c copy -movflags +faststart",
    "fragmented.mp4": "-i {end.mp4} -c copy -movflags +frag_keyframe+empty_moov",
    "plain.mkv": "-i {end.mp4} -c copy",
    "no-cues.mkv": "-i {end.mp4} -c copy -f matroska -live 1",
    "stream.ts": "-i {end.mp4} -c copy",
    "silent.mkv": "-i {end.mp4} -c copy -an",
    "open-gop.mkv": (
        f"{PICTURE} {TONE} {H264} -x264-params open-gop=1:bframes=3:keyint=50:min-keyint=50 -c:a aac"
    ),
    "late.mkv": "-itsoffset 5 -i {end.mp4} -c copy",
    "ac3.mkv": (
        "-i {end.mp4} -i {srt} -i {srt} -map 0:v -map 0:a -map 1 -map 2 -c:v copy -c:a ac3 -ac 6"
        " -c:s:0 subrip -c:s:1 ass -metadata:s:a:0 language=eng -metadata:s:s:0 language=fre"
        " -disposition:s:1 forced"
    ),
    "two-sounds.mkv": (
        "-i {end.mp4} -f lavfi -i sine=f=880:r=44100:d=20 -map 0:v -map 0:a -map 1:a -c:v copy -c:a:0 copy"
        " -c:a:1 flac -metadata:s:a:0 language=fre -metadata:s:a:1 language=eng"
        " -metadata:s:a:1 title=Commentary"
    ),
    "texts.mp4": "-i {end.mp4} -i {srt} -map 0 -map 1 -c copy -c:s mov_text -metadata:s:s:0 language=fre",
    "chapters.mkv": "-i {end.mp4} -i {chapters} -map 0 -map_metadata 1 -c copy",
    "vp9.webm": (
        f"{PICTURE} {TONE} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 50 -b:v 300k -c:a libopus"
    ),
    "hevc.mkv": (
        f"{PICTURE} {TONE} -c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=50 -c:a aac"
    ),
    "mpeg4.avi": f"{PICTURE} {TONE} -c:v mpeg4 -q:v 8 -c:a libmp3lame",
    "high10.mkv": f"{PICTURE} -c:v libx264 -preset ultrafast -pix_fmt yuv420p10le -t 2",
}
CHAPTERS = ";FFMETADATA1\n" + "".join(
    f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\ntitle={title}\n"
    for start, end, title in ((0, 4000, "Opening"), (4000, 20000, "The rest"))
)


def sample(name: str) -> Path:
    """The path of a sample, made now unless it is there; safe when several test processes want it."""
    recipe = RECIPES[name]
    mark = hashlib.sha256(repr((recipe, SOURCE, SRT, CHAPTERS)).encode()).hexdigest()[:12]
    target = FOLDER / mark / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.parent / f"making-{os.getpid()}"
        scratch.mkdir(exist_ok=True)
        _make(recipe, scratch / name)
        (scratch / name).replace(target)
        shutil.rmtree(scratch)
    return target


def _make(recipe: str, target: Path) -> None:
    words = []
    for word in recipe.split():
        if word == "{srt}":
            word = _written(target.parent / "text.srt", SRT)
        elif word == "{chapters}":
            word = _written(target.parent / "chapters.txt", CHAPTERS)
        elif word.startswith("{"):
            word = str(sample(word[1:-1]))
        words.append(word)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *words, str(target)]
    subprocess.run(command, check=True, timeout=100)


def _written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)
