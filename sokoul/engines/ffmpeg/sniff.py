"""Which container a file really is, by its first bytes: FFmpeg is told, never asked.

Left to guess, FFmpeg takes a playlist called film.mkv for a playlist and opens what it names.
"""

from __future__ import annotations

from sokoul.engines.ffmpeg.refusal import JobRefused

HEAD_SIZE = 4096
_EBML = b"\x1a\x45\xdf\xa3"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_MOV_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp"}
_TS_PACKETS = ((0, 188), (4, 192), (0, 204))


def demuxer_of(head: bytes) -> tuple[str, str]:
    """FFmpeg's demuxer for a file that begins with `head`, and our name of the container.

    Raises JobRefused for everything that is no known container of moving pictures.
    """
    if head.startswith(_EBML):
        return "matroska", "webm" if b"\x42\x82\x84webm" in head[:64] else "matroska"
    if head[4:8] in _MOV_BOXES:
        return "mov", "mp4"
    if head.startswith(b"RIFF") and head[8:12] in {b"AVI ", b"AVIX"}:
        return "avi", "avi"
    if head.startswith(_ASF):
        return "asf", "asf"
    if head.startswith(b"FLV\x01"):
        return "flv", "flv"
    if head.startswith(b"OggS"):
        return "ogg", "ogg"
    if head.startswith(b"\x00\x00\x01\xba"):
        return "mpeg", "mpeg"
    if _is_transport_stream(head):
        return "mpegts", "mpegts"
    raise JobRefused("not_media", "this is no video file, whatever its name says")


def _is_transport_stream(head: bytes) -> bool:
    for first, step in _TS_PACKETS:
        marks = head[first : first + 8 * step : step]
        if len(marks) >= 5 and set(marks) == {0x47}:
            return True
    return False
