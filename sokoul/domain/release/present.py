"""A release as plain JSON values, for the command line."""

from __future__ import annotations

from sokoul.domain.release.model import Release


def as_json(release: Release) -> dict[str, object]:
    """Every fact under its public key; unknown facts are null, lists are never null."""
    return {
        "title": release.title or None,
        "titles": list(release.titles),
        "year": release.year,
        "seasons": list(release.seasons),
        "episodes": list(release.episodes),
        "absolute": list(release.absolute),
        "air_date": release.air_date,
        "resolution": release.resolution,
        "source": release.source,
        "modifier": release.modifier,
        "video_codec": release.video_codec,
        "audio": release.audio,
        "hdr": list(release.hdr),
        "bit_depth": release.bit_depth,
        "languages": list(release.languages),
        "group": release.group,
        "version": release.version,
        "edition": release.edition,
        "proper": release.proper,
        "cam": release.cam,
        "hardcoded_subs": release.hardcoded_subs,
        "three_d": release.three_d,
        "container": release.container,
        "full_season": release.full_season,
        "garbage": release.garbage,
    }
