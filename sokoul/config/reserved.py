"""Keys that are accepted and have no effect yet: whoever sets one is told so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

from sokoul.config.model import Config

RESERVED: Final = (
    "services.postgres_read",
    "providers.opensubtitles",
    "providers.iptv",
    "cache.response_ttl",
    "vpn",
    "scheduler",
    "sentinel.thresholds.cpu_percent",
    "sentinel.thresholds.memory_percent",
    "sentinel.thresholds.temperature_c",
    "sentinel.thresholds.queue_depth",
    "backup",
    "cleaning",
    "smtp",
    "push",
    "playback.hls_dir",
    "playback.temp_ttl",
    "playback.ffprobe",
    "subtitles",
    "cast.known_hosts",
    "telegram",
)


def without_effect(config: Config) -> list[str]:
    """The reserved keys that are set to anything but their default."""
    given, usual = dict(_flat(config)), dict(_flat(Config()))
    changed = [key for key, value in given.items() if value != usual.get(key)]
    found = {key for key in RESERVED for one in changed if one == key or one.startswith(f"{key}.")}
    if any(indexer.via == "vpn" for indexer in config.providers.indexers):
        found.add("providers.indexers[].via")
    return sorted(found)


def _flat(model: BaseModel, above: str = "") -> Iterator[tuple[str, Any]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
