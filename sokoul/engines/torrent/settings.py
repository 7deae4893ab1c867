"""The session's settings, each of the unusual ones with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import libtorrent as lt

from sokoul.config.model import Torrent

QUICK: Final = 50  # milliseconds between two looks of the session
SLOW: Final = 500
_CATEGORY = lt.alert_category
ALERTS: Final = _CATEGORY.error | _CATEGORY.status | _CATEGORY.storage | _CATEGORY.piece_progress


def session_settings(config: Torrent) -> Any:
    """What the session starts with."""
    return {
        "user_agent": f"Sokoul libtorrent/{lt.__version__}",
        "alert_mask": int(ALERTS),
        "alert_queue_size": 50_000,
        # Blocks that are already asked for stand before a seek: ask for little, but often.
        "tick_interval": QUICK,
        "request_queue_time": 1,
        # A satisfied window looks like a finished torrent; seeds must stay connected all the same.
        "close_redundant_connections": False,
        "allow_multiple_connections_per_ip": True,
        # Waiting for a lost UDP handshake costs three seconds before TCP is tried.
        "enable_outgoing_utp": False,
        "smooth_connects": False,
        "connection_speed": 100,
        "min_reconnect_time": 1,
        "max_failcount": 10,
        "announce_to_all_trackers": True,
        "announce_to_all_tiers": True,
        "no_connect_privileged_ports": True,
        "stop_tracker_timeout": 1,
        "max_metadata_size": 10 * 1024 * 1024,
        "mmap_file_size_cutoff": 1 << 30,
        # Doors in other people's routers are theirs to open.
        "enable_upnp": False,
        "enable_natpmp": False,
        "enable_dht": config.dht,
        "enable_lsd": config.lsd,
        "download_rate_limit": config.download_limit,
        "upload_rate_limit": config.upload_limit,
        "active_downloads": -1,
        "active_seeds": -1,
        "active_limit": -1,
        "optimistic_disk_retry": 30,
        **interfaces(config),
    }


def interfaces(config: Torrent) -> Any:
    """Where to listen and what to connect from; a device is bound by name, so nothing leaves another way."""
    if config.interface is None:
        return {"listen_interfaces": config.listen, "outgoing_interfaces": ""}
    port = config.listen.rpartition(":")[2]
    return {"listen_interfaces": f"{config.interface}:{port}", "outgoing_interfaces": config.interface}


def device_is_up(name: str) -> bool:
    """Whether the network device exists and was switched on."""
    try:
        flags = int(Path("/sys/class/net", name, "flags").read_text(encoding="ascii"), 16)
    except (OSError, ValueError):
        return False
    return bool(flags & 1)


def limits_for_everyone(session: lt.session) -> lt.ip_filter:
    """The peer class filter under which a limit counts for peers in the same house, too."""
    filter_ = lt.ip_filter()
    everyone = 1 << session.global_peer_class_id
    filter_.add_rule("0.0.0.0", "255.255.255.255", everyone)  # noqa: S104  a range, not an address to bind
    filter_.add_rule("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", everyone)
    return filter_
