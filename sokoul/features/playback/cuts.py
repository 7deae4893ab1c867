"""Where HLS segments begin and end, and the playlist that says so before any of them exists."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

# Seconds that a segment should last at least; the first ones are shorter, so that the picture comes sooner.
RAMP = (1.0, 2.0, 4.0)
USUAL = 6.0
# What is still coming in has to come for a whole segment before any of it is seen.
COMING = 2.0
CODED_RAMP = (1.0, 1.0, 2.0)
CODED = 4.0
SHORTEST = 0.5


@dataclass(frozen=True, slots=True)
class KeyframeIndex:
    """The keyframes of a picture, as its container numbers them.

    `keys` are times in `time_base` on the clock that `by_decoding` tells; plus `shift` they are the times of
    showing. `origin` is the time, in seconds, that a viewer calls zero; `duration` is in seconds.
    """

    keys: tuple[int, ...]
    shift: int
    by_decoding: bool
    time_base: Fraction
    origin: float
    duration: float

    def seconds(self, key: int) -> float:
        """When the keyframe is shown, counted as a viewer does."""
        return float((key + self.shift) * self.time_base) - self.origin


@dataclass(frozen=True, slots=True)
class Segment:
    """From the keyframe `start` to the keyframe `end` (None: the end of the film); times in seconds."""

    number: int
    start: int
    end: int | None
    begins: float
    ends: float

    @property
    def lasts(self) -> float:
        """Seconds."""
        return self.ends - self.begins


def cut(index: KeyframeIndex, *, usual: float = USUAL) -> tuple[Segment, ...]:
    """Segments of about `usual` seconds that begin at keyframes and together are the whole film."""
    first = index.keys[0]
    starts, begun = [first], 0.0
    for key in index.keys[1:]:
        at = index.seconds(key)
        wanted = min(usual, RAMP[len(starts) - 1]) if len(starts) <= len(RAMP) else usual
        # Keyframes meant for every second come a frame early or late.
        if at - begun >= wanted - 0.1:
            starts.append(key)
            begun = at
    times = [0.0, *(index.seconds(key) for key in starts[1:])]
    end = max(index.duration, times[-1] + 0.1)
    return tuple(
        Segment(number, start, following, at, until)
        for number, (start, following, at, until) in enumerate(
            zip(starts, [*starts[1:], None], times, [*times[1:], end], strict=True)
        )
    )


def even(duration: float) -> tuple[Segment, ...]:
    """Segments of a film that is coded anew, which can begin anywhere: short, as coding takes its time."""
    times = [0.0]
    while times[-1] < duration:
        step = CODED_RAMP[len(times) - 1] if len(times) <= len(CODED_RAMP) else CODED
        times.append(times[-1] + step)
    times = [*times[:-1], duration]
    if len(times) > 2 and times[-1] - times[-2] < SHORTEST:
        times.pop(-2)
    last = len(times) - 2
    return tuple(
        Segment(number, number, None if number == last else number + 1, begins, ends)
        for number, (begins, ends) in enumerate(itertools.pairwise(times))
    )


def segment_at(segments: Sequence[Segment], seconds: float) -> Segment:
    """The segment that is on screen at this time."""
    return segments[max(0, bisect_right([segment.begins for segment in segments], seconds) - 1)]


def playlist(segments: Sequence[Segment], query: str) -> str:
    """The HLS playlist, complete from the beginning; `query` follows every address."""
    longest = max(segment.lasts for segment in segments)
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{math.ceil(longest)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="init.mp4{query}"',
    ]
    for segment in segments:
        lines += [f"#EXTINF:{segment.lasts:.6f},", f"segments/{segment.number}.m4s{query}"]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])
