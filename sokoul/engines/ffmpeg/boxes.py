"""Fragments of fragmented MP4 (ISO 14496-12): what one HLS media segment is made of.

Written here and not by FFmpeg's muxer because each segment is made alone, in any order, and must carry
exactly the times that its place in the film gives it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

# Has FFmpeg's muxer write the initialisation segment, and no times that are ours to tell.
EMPTY = {"movflags": "empty_moov+default_base_moof+frag_custom", "use_editlist": "0"}
_SYNC = 0x0200_0000
_NOT_SYNC = 0x0101_0000
_DEFAULT_BASE_IS_MOOF = 0x020000
_TRUN_FLAGS = 0x000F01  # data offset; duration, size, flags and composition offset of every sample
_SAMPLE = struct.Struct(">IIIi")
_CONTAINERS = frozenset({b"moov", b"trak", b"mdia"})


@dataclass(slots=True)
class Sample:
    """One coded frame; times in the track's timescale, `offset` from decoding to showing."""

    data: bytes
    duration: int
    offset: int = 0
    sync: bool = True


@dataclass(slots=True)
class TrackRun:
    """The samples of one track in a segment, in decoding order, the first one decoded at `start`."""

    track_id: int
    start: int
    samples: list[Sample] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Track:
    """A track as an initialisation segment declares it; `kind` is "vide" or "soun"."""

    track_id: int
    timescale: int
    kind: str


def fragment(sequence: int, runs: list[TrackRun]) -> bytes:
    """One moof and its mdat; `sequence` counts segments from 1."""
    present = [run for run in runs if run.samples]
    size = len(_moof(sequence, present, 0))
    head = _moof(sequence, present, size + 8)
    payload = [sample.data for run in present for sample in run.samples]
    total = sum(map(len, payload))
    return b"".join([head, struct.pack(">I4s", total + 8, b"mdat"), *payload])


def initialisation(file: bytes) -> bytes:
    """The ftyp and moov boxes of an empty fragmented MP4 file."""
    return b"".join(file[start:end] for kind, start, end, _ in _walk(file) if kind in {b"ftyp", b"moov"})


def tracks_of(init: bytes) -> list[Track]:
    """The tracks declared by an initialisation segment."""
    return [_track(init[body:end]) for kind, _, end, body in _flat(init, 0, len(init)) if kind == b"trak"]


def _moof(sequence: int, runs: list[TrackRun], data_offset: int) -> bytes:
    parts = [_full(b"mfhd", 0, 0, struct.pack(">I", sequence))]
    for run in runs:
        parts.append(_traf(run, data_offset))
        data_offset += sum(len(sample.data) for sample in run.samples)
    return _box(b"moof", b"".join(parts))


def _traf(run: TrackRun, data_offset: int) -> bytes:
    rows = b"".join(
        _SAMPLE.pack(sample.duration, len(sample.data), _SYNC if sample.sync else _NOT_SYNC, sample.offset)
        for sample in run.samples
    )
    header = _full(b"tfhd", 0, _DEFAULT_BASE_IS_MOOF, struct.pack(">I", run.track_id))
    time = _full(b"tfdt", 1, 0, struct.pack(">Q", run.start))
    table = _full(b"trun", 1, _TRUN_FLAGS, struct.pack(">Ii", len(run.samples), data_offset) + rows)
    return _box(b"traf", header + time + table)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _full(kind: bytes, version: int, flags: int, body: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + body)


def _walk(data: bytes) -> list[tuple[bytes, int, int, int]]:
    """Boxes at the top of `data`: kind, start, end, start of the body."""
    found, place = [], 0
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        if size < 8:
            break
        found.append((kind, place, place + size, place + 8))
        place += size
    return found


def _flat(data: bytes, first: int, last: int) -> list[tuple[bytes, int, int, int]]:
    """Boxes of `data`, those inside moov, trak and mdia too; offsets from its beginning."""
    found = []
    for kind, start, end, body in _walk(data[first:last]):
        found.append((kind, first + start, first + end, first + body))
        if kind in _CONTAINERS:
            found += _flat(data, first + body, first + end)
    return found


def _track(trak: bytes) -> Track:
    bodies = {kind: trak[body:end] for kind, _, end, body in _flat(trak, 0, len(trak))}
    wide_header, wide_media = bodies[b"tkhd"][0] == 1, bodies[b"mdhd"][0] == 1
    (track_id,) = struct.unpack_from(">I", bodies[b"tkhd"], 20 if wide_header else 12)
    (timescale,) = struct.unpack_from(">I", bodies[b"mdhd"], 20 if wide_media else 12)
    return Track(track_id, timescale, bodies[b"hdlr"][8:12].decode("ascii", "replace"))
