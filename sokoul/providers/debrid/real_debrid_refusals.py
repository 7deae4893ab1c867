"""Real-Debrid's error numbers, each as a sentence with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sokoul.features.debrid.model import DebridTrouble, Kind

_KEY = "Copy your API token from real-debrid.com/apitoken and enter it again."
_LATER = "Try again later; the service itself is in trouble."
_OTHER_LINK = "Choose another release, or take it as a torrent."
_OTHER_TORRENT = "Choose another release."
_ACCOUNT = "Sign in at real-debrid.com and see what it says about your account."
_WAIT = "Wait a while; other programs that use the same key count too."
_REPORT = "This is a fault between Sokoul and the service: please report it with this number."

REFUSALS: Final[Mapping[int, tuple[Kind, str, str]]] = {
    -1: (Kind.SERVICE, "had an internal error", _LATER),
    1: (Kind.SERVICE, "misses a parameter", _REPORT),
    2: (Kind.SERVICE, "does not take a value that it was given", _REPORT),
    3: (Kind.SERVICE, "does not know this question", _REPORT),
    4: (Kind.SERVICE, "does not allow this way of asking", _REPORT),
    5: (Kind.PACE, "wants to be asked more slowly", _WAIT),
    6: (Kind.SERVICE, "cannot reach what it needs", _LATER),
    7: (Kind.GONE, "does not know this any more", "Start it again."),
    8: (Kind.KEY, "did not accept the key", _KEY),
    9: (Kind.ACCOUNT, "does not permit this to the account", _ACCOUNT),
    10: (Kind.KEY, "wants the second factor", "Sign in at real-debrid.com once, then make a new API token."),
    11: (Kind.KEY, "waits for the second factor", "Finish signing in at real-debrid.com, then try again."),
    12: (Kind.KEY, "does not know this login", _KEY),
    13: (Kind.KEY, "did not accept the password", _KEY),
    14: (Kind.ACCOUNT, "has locked the account", _ACCOUNT),
    15: (Kind.ACCOUNT, "has not activated the account yet", "Open the link in the mail they sent you."),
    16: (Kind.LINK, "does not support this hoster", _OTHER_LINK),
    17: (Kind.LINK, "has this hoster in maintenance", _OTHER_LINK),
    18: (Kind.LINK, "has reached its limit for this hoster", "Try again tomorrow, or choose another one."),
    19: (Kind.LINK, "cannot use this hoster for the moment", "Try again later, or choose another release."),
    20: (Kind.ACCOUNT, "serves this hoster to paying accounts", "Extend your subscription there."),
    21: (Kind.PACE, "has too many downloads of this account at work", "Wait until one is done."),
    22: (Kind.ACCOUNT, "does not allow this Internet address", _ACCOUNT),
    23: (Kind.ACCOUNT, "has no traffic left for this account", "Wait for the next day, or buy traffic."),
    24: (Kind.LINK, "finds that the file is not available", _OTHER_LINK),
    25: (Kind.SERVICE, "is not available", _LATER),
    26: (Kind.TORRENT, "finds the upload too big", _OTHER_TORRENT),
    27: (Kind.SERVICE, "could not take the upload", _LATER),
    28: (Kind.TORRENT, "does not allow this file", _OTHER_TORRENT),
    29: (Kind.TORRENT, "finds the torrent too big", _OTHER_TORRENT),
    30: (Kind.TORRENT, "cannot read this torrent", _OTHER_TORRENT),
    31: (Kind.SERVICE, "has done that already", "Nothing is to be done."),
    32: (Kind.SERVICE, "cannot use the resolution of an image", _REPORT),
    33: (Kind.PACE, "is working on this torrent already", "Wait a moment, then try again."),
    34: (Kind.PACE, "had too many requests", _WAIT),
    35: (Kind.TAKEN_DOWN, "does not hand this torrent out any more", "Take it as a torrent."),
    36: (Kind.ACCOUNT, "finds that the account has used its fair share", "Wait for the next day."),
    37: (Kind.SERVICE, "has switched this question off", _REPORT),
}


def refusal(code: int, status: int) -> DebridTrouble:
    """What number and HTTP status mean."""
    kind, words, cure = REFUSALS.get(code) or _by_status(status)
    return DebridTrouble(kind, f"real_debrid_{code}", f"Real-Debrid {words}", cure)


def _by_status(status: int) -> tuple[Kind, str, str]:
    if status == 401:
        return REFUSALS[8]
    if status == 403:
        return REFUSALS[9]
    if status == 404:
        return REFUSALS[7]
    return Kind.SERVICE, f"failed (HTTP {status})", _LATER


# What a torrent's own status tells where it cannot be had; the others are on their way.
BROKEN: Final[Mapping[str, tuple[Kind, str]]] = {
    "magnet_error": (Kind.TORRENT, "could not find out what this torrent holds"),
    "error": (Kind.TORRENT, "failed to fetch this torrent"),
    "virus": (Kind.TORRENT, "found a virus in this torrent"),
    "dead": (Kind.TORRENT, "found nobody who has this torrent"),
}


def broken(status: str) -> DebridTrouble:
    """A torrent that will not be ready there."""
    kind, words = BROKEN[status]
    return DebridTrouble(kind, f"real_debrid_{status}", f"Real-Debrid {words}", _OTHER_TORRENT)
