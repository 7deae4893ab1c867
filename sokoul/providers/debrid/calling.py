"""One question to a debrid service: paced, bounded, and its JSON read without trust."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from sokoul.domain.debrid import Service
from sokoul.domain.errors import ProviderUnavailable
from sokoul.features.debrid.model import DebridTrouble, Kind, taken_down
from sokoul.providers.debrid.pace import Pace, too_often
from sokoul.providers.fetch import Parameters, Reply, fetch
from sokoul.providers.refusals import retry_after
from sokoul.providers.text import clean

_PATIENCE: Final = 20.0
_USUAL_PAUSE: Final = 10.0
_LONGEST_PATH: Final = 1000

Document = Mapping[str, Any]


class Caller:
    """Asks one account's API; raises DebridTrouble, never anything with the key in it."""

    def __init__(
        self, http: aiohttp.ClientSession, service: Service, base_url: str, key: str, pace: Pace
    ) -> None:
        self._http, self._service, self._pace = http, service, pace
        self._base = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}

    async def ask(
        self, method: str, path: str, *, query: Parameters = (), form: Parameters | None = None
    ) -> Reply:
        """The reply, of whatever status; limits and what was taken down are dealt with here."""
        await self._pace.turn()
        name = self._service.called
        try:
            reply = await fetch(
                self._http,
                name,
                f"{self._base}{path}",
                parameters=query,
                form=form,
                headers=self._headers,
                timeout=_PATIENCE,
                method=method,
                busy_raises=False,
            )
        except DebridTrouble:
            raise
        except ProviderUnavailable as err:
            raise DebridTrouble(
                Kind.SERVICE, "unreachable", str(err), err.cure or "Try again later.", timed_out=err.timed_out
            ) from err
        # Both services answer so to what comes too fast; AllDebrid also with a bare 503.
        if reply.status == 429 or (reply.status == 503 and reply.retry_after):
            wait = retry_after(reply.retry_after or "", usual=_USUAL_PAUSE)
            await self._pace.pause(wait)
            raise too_often(name, wait)
        if reply.status == 451:
            raise taken_down(self._service)
        return reply


def document(reply: Reply, service: Service) -> Any:
    """The JSON of a reply; raises DebridTrouble."""
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        raise nonsense(service, reply.status) from None


def nonsense(service: Service, status: int) -> DebridTrouble:
    """It answered with something that is not its API."""
    return DebridTrouble(
        Kind.SERVICE,
        f"http_{status}",
        f"{service.called} answered with something that is not of its API (HTTP {status})",
        "Check `base_url`; if that is right the service is in trouble: try again later.",
    )


def mapping(value: Any) -> Document:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any, longest: int = _LONGEST_PATH) -> str:
    """One clean line, or nothing."""
    return clean(value, longest) if isinstance(value, str) else ""


def number(value: Any) -> int:
    """A count, or 0."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0
    try:
        return max(0, min(int(value), 2**62))
    except (ValueError, OverflowError):
        return 0


def percent(value: Any) -> float:
    """0 to 100."""
    try:
        return min(100.0, max(0.0, float(value))) if isinstance(value, int | float) else 0.0
    except (ValueError, OverflowError):
        return 0.0


def web_link(value: Any) -> str | None:
    """An http(s) address, or None."""
    if isinstance(value, str) and len(value) <= 8000 and re.match(r"https?://[^\s/]+", value):
        return value
    return None


def identity(value: Any) -> str | None:
    """An id that may stand in a path, or None."""
    told = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return told if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", told) else None
