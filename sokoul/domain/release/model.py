"""The facts a release name states."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """Facts read from a release name; None or empty where the name is silent.

    `resolution` is the height in lines. `source` is one of cam, telesync, telecine, workprint, screener,
    regional, dvd, tv, webdl, webrip, bluray, hddvd, ppv, vod, vhs, hdrip. `modifier` is one of remux,
    brdisk, rawhd, dvdr. `video_codec` is one of avc, hevc, av1, vp9, xvid, mpeg2, vc1. `languages` are
    ISO 639-1. `version` 1 is the first, 2 a proper, repack or v2. `multi` says several unnamed languages,
    `year_leads` that the year belongs to the title and not to the episode.
    `hardcoded_subs` is the word that names them, such as KORSUB.
    """

    name: str
    title: str = ""
    titles: tuple[str, ...] = ()
    year: int | None = None
    seasons: tuple[int, ...] = ()
    episodes: tuple[int, ...] = ()
    absolute: tuple[int, ...] = ()
    air_date: str | None = None
    resolution: int | None = None
    source: str | None = None
    modifier: str | None = None
    video_codec: str | None = None
    audio: str | None = None
    hdr: tuple[str, ...] = ()
    bit_depth: int | None = None
    languages: tuple[str, ...] = ()
    group: str | None = None
    version: int = 1
    edition: str | None = None
    proper: bool = False
    cam: bool = False
    hardcoded_subs: str | None = None
    three_d: bool = False
    container: str | None = None
    full_season: bool = False
    garbage: bool = False
    upscaled: bool = False
    special: bool = False
    multi: bool = False
    year_leads: bool = False
