"""AllDebrid's error codes, each as a sentence with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sokoul.features.debrid.model import DebridTrouble, Kind

_KEY = "Make an API key at alldebrid.com/apikeys and enter it again."
_LATER = "Try again later; the service itself is in trouble."
_OTHER_LINK = "Choose another release, or take it as a torrent."
_OTHER_TORRENT = "Choose another release."
_ACCOUNT = "Sign in at alldebrid.com and see what it says about your account."
_PAY = "Extend your subscription at alldebrid.com, or take it as a torrent."
_SLOTS = "Delete magnets that are done at alldebrid.com/magnets, or wait until one is."
_REPORT = "This is a fault between Sokoul and the service: please report it with this code."
_NOT_ASKED = "Sokoul never asks for this: please report it with this code."

REFUSALS: Final[Mapping[str, tuple[Kind, str, str]]] = {
    "GENERIC": (Kind.SERVICE, "failed without saying why", _LATER),
    "404": (Kind.SERVICE, "does not know this question", "Check `base_url`."),
    "MAINTENANCE": (Kind.SERVICE, "is in maintenance", _LATER),
    "AUTH_MISSING_APIKEY": (Kind.KEY, "was sent no key", _KEY),
    "AUTH_BAD_APIKEY": (Kind.KEY, "did not accept the key", _KEY),
    "AUTH_BLOCKED": (
        Kind.ACCOUNT,
        "blocks the key for this Internet address",
        "Confirm the new address in the mail they sent you, or sign in at alldebrid.com.",
    ),
    "AUTH_USER_BANNED": (Kind.ACCOUNT, "has banned the account", _ACCOUNT),
    "ACCOUNT_INVALID": (Kind.ACCOUNT, "finds the account invalid", _ACCOUNT),
    "ALREADY_SENT": (Kind.PACE, "has sent that mail already", "Look into your mail."),
    "NO_SERVER": (
        Kind.ACCOUNT,
        "does not serve addresses of servers and VPNs",
        "Ask from your own line, or ask their support to allow your address.",
    ),
    "LINK_IS_MISSING": (Kind.LINK, "was given no link", _REPORT),
    "BAD_LINK": (Kind.LINK, "cannot read this link", _OTHER_LINK),
    "LINK_HOST_NOT_SUPPORTED": (Kind.LINK, "does not support this hoster", _OTHER_LINK),
    "LINK_DOWN": (Kind.LINK, "finds that the file is gone", _OTHER_LINK),
    "LINK_PASS_PROTECTED": (Kind.LINK, "finds the file locked by a password", _OTHER_LINK),
    "LINK_HOST_UNAVAILABLE": (Kind.LINK, "cannot use this hoster for the moment", _OTHER_LINK),
    "LINK_TOO_MANY_DOWNLOADS": (
        Kind.PACE,
        "has too many downloads of this account at work",
        "Wait until one is done.",
    ),
    "LINK_HOST_FULL": (Kind.LINK, "has no room left at this hoster", _OTHER_LINK),
    "LINK_HOST_LIMIT_REACHED": (
        Kind.LINK,
        "has reached its limit for this hoster",
        "Try again tomorrow, or choose another release.",
    ),
    "LINK_ERROR": (Kind.LINK, "could not open this link", _OTHER_LINK),
    "LINK_TEMPORARY_UNAVAILABLE": (Kind.LINK, "cannot open this link for the moment", "Try again later."),
    "LINK_NOT_SUPPORTED": (Kind.LINK, "does not support this link", _OTHER_LINK),
    "REDIRECTOR_NOT_SUPPORTED": (Kind.LINK, "does not support this redirector", _OTHER_LINK),
    "REDIRECTOR_ERROR": (Kind.LINK, "could not follow this redirector", _OTHER_LINK),
    "STREAM_INVALID_GEN_ID": (Kind.GONE, "does not know this stream any more", "Start it again."),
    "STREAM_INVALID_STREAM_ID": (Kind.GONE, "does not know this stream any more", "Start it again."),
    "DELAYED_INVALID_ID": (Kind.GONE, "does not know this link any more", "Start it again."),
    "DOWNLOAD_FAILED": (Kind.LINK, "failed to fetch the file", _OTHER_LINK),
    "FREE_TRIAL_LIMIT_REACHED": (Kind.ACCOUNT, "finds the free trial used up", _PAY),
    "MUST_BE_PREMIUM": (Kind.ACCOUNT, "gives this to paying accounts only", _PAY),
    "MAGNET_INVALID_ID": (Kind.GONE, "does not know this magnet any more", "Start it again."),
    "MAGNET_INVALID_URI": (Kind.TORRENT, "cannot read this magnet", _OTHER_TORRENT),
    "MAGNET_INVALID_FILE": (Kind.TORRENT, "cannot read this torrent", _OTHER_TORRENT),
    "MAGNET_FILE_UPLOAD_FAILED": (Kind.SERVICE, "could not take the torrent", _LATER),
    "MAGNET_NO_URI": (Kind.TORRENT, "was given no magnet", _REPORT),
    "MAGNET_PROCESSING": (Kind.PACE, "is working on this magnet", "Wait a moment, then try again."),
    "MAGNET_TOO_MANY_ACTIVE": (Kind.PACE, "has too many magnets of this account at work", _SLOTS),
    "MAGNET_TOO_MANY": (Kind.PACE, "holds too many magnets of this account", _SLOTS),
    "MAGNET_MUST_BE_PREMIUM": (Kind.ACCOUNT, "takes magnets of paying accounts only", _PAY),
    "MAGNET_TOO_LARGE": (Kind.TORRENT, "finds the torrent too large", _OTHER_TORRENT),
    "MAGNET_MAGNET_TOO_BIG": (Kind.TORRENT, "finds the torrent too large", _OTHER_TORRENT),
    "MAGNET_UPLOAD_FAILED": (Kind.TORRENT, "could not store this torrent", _OTHER_TORRENT),
    "MAGNET_INTERNAL_ERROR": (Kind.SERVICE, "failed at this magnet", _LATER),
    "MAGNET_CANT_BOOTSTRAP": (Kind.TORRENT, "found nobody who knows this magnet", _OTHER_TORRENT),
    "MAGNET_TOOK_TOO_LONG": (Kind.TORRENT, "gave this magnet up after three days", _OTHER_TORRENT),
    "MAGNET_LINKS_REMOVED": (
        Kind.TAKEN_DOWN,
        "has removed the files of this magnet",
        "Take it as a torrent, or choose another release.",
    ),
    "MAGNET_PROCESSING_FAILED": (Kind.TORRENT, "failed at this magnet", _OTHER_TORRENT),
    "PIN_ALREADY_AUTHED": (Kind.KEY, "has accepted this PIN already", _KEY),
    "PIN_EXPIRED": (Kind.KEY, "finds the PIN too old", _KEY),
    "PIN_INVALID": (Kind.KEY, "does not know this PIN", _KEY),
    "USER_LINK_MISSING": (Kind.LINK, "was given no link", _REPORT),
    "USER_LINK_INVALID": (Kind.LINK, "cannot save this link", _REPORT),
    "MISSING_NOTIF_ENDPOINT": (Kind.SERVICE, "was given no address for its notice", _NOT_ASKED),
    "NO_JSON_PARAM": (Kind.SERVICE, "misses a parameter", _REPORT),
    "JSON_INVALID": (Kind.SERVICE, "cannot read a parameter", _REPORT),
    "VOUCHER_DURATION_INVALID": (Kind.SERVICE, "finds the length of a voucher wrong", _NOT_ASKED),
    "VOUCHER_NB_INVALID": (Kind.SERVICE, "finds the number of vouchers wrong", _NOT_ASKED),
    "NO_MORE_VOUCHER": (Kind.SERVICE, "has no vouchers left", _NOT_ASKED),
    "INSUFFICIENT_BALANCE": (Kind.ACCOUNT, "finds too little credit on the account", _NOT_ASKED),
    "FREEDAYS_INVALID_COUNTRY": (Kind.ACCOUNT, "gives no free days in this country", _ACCOUNT),
    "FREEDAYS_INVALID_PHONE": (Kind.ACCOUNT, "does not take this telephone for free days", _ACCOUNT),
    "FREEDAYS_INVALID_PROVIDER": (Kind.ACCOUNT, "does not take this provider for free days", _ACCOUNT),
    "FREEDAYS_USED_PHONE": (Kind.ACCOUNT, "has given free days to this telephone before", _ACCOUNT),
    "FREEDAYS_ALREADY_REQUESTED": (Kind.ACCOUNT, "was asked for free days before", _ACCOUNT),
    "FREEDAYS_INVALID_STATUS": (Kind.ACCOUNT, "cannot give free days now", _ACCOUNT),
    "FREEDAYS_TOO_MUCH_RETRIES": (Kind.PACE, "was asked for free days too often", _ACCOUNT),
    "FREEDAYS_INVALID_CODE": (Kind.ACCOUNT, "does not know this code for free days", _ACCOUNT),
    "FREEDAYS_DENIED": (Kind.ACCOUNT, "gives no free days to this account", _ACCOUNT),
    "FREEDAYS_ERROR_SENDING": (Kind.SERVICE, "could not send the code for free days", _ACCOUNT),
}


def refusal(code: str) -> DebridTrouble:
    """What an error code means; one that nobody knows yet is told as it is."""
    known = REFUSALS.get(code)
    kind, words, cure = known or (Kind.SERVICE, f"failed with {code or 'no code'}", _LATER)
    return DebridTrouble(kind, code.lower() or "unknown", f"AllDebrid {words}", cure)


# Codes of a magnet that will not be ready; 0 to 3 are on their way, 4 is ready.
READY: Final = 4
BROKEN: Final[Mapping[int, str]] = {
    5: "could not store this torrent",
    6: "could not unpack this torrent",
    7: "could not fetch this torrent within 20 minutes",
    8: "finds the torrent too large",
    9: "failed at this torrent",
    10: "gave this torrent up after three days",
    11: "has removed the files of this torrent",
    12: "failed at this torrent",
    13: "failed at this torrent",
    14: "could not reach the torrent's trackers",
    15: "found nobody who has this torrent",
}


def broken(code: int) -> DebridTrouble:
    """A magnet that will not be ready there."""
    words = BROKEN.get(code, f"failed at this torrent (status {code})")
    return DebridTrouble(Kind.TORRENT, f"all_debrid_{code}", f"AllDebrid {words}", _OTHER_TORRENT)
