"""The ways in which a source says no, each with what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from sokoul.domain.errors import ProviderUnavailable

_USUAL_REST: Final = 30.0


class KeyRefused(ProviderUnavailable):
    """The source did not accept the key."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source} did not accept the key",
            cure="Copy the API key from its own settings page and put it in `api_key`.",
        )


class Busy(ProviderUnavailable):
    """The source wants to be left in peace for `rest` seconds."""

    def __init__(self, source: str, rest: float) -> None:
        super().__init__(
            f"{source} allows no more requests for now",
            cure=f"It is left in peace for {rest:.0f} s; ask it less often if that happens again and again.",
            rest=rest,
        )


def retry_after(header: str, *, usual: float = _USUAL_REST) -> float:
    """Seconds from now, at least one; `usual` where the header says nothing readable."""
    if header.strip().isdecimal() and len(header) < 10:
        return max(1.0, float(header))
    try:
        when = parsedate_to_datetime(header)
    except ValueError:
        return usual
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(1.0, (when - datetime.now(UTC)).total_seconds())


def http_refusal(status: int, source: str) -> ProviderUnavailable:
    """What a bare HTTP status means, with its cure."""
    if status in {401, 403}:
        return KeyRefused(source)
    if status == 404:
        return ProviderUnavailable(
            f"{source} knows no such address",
            cure="Check the path in `url`; a Torznab address often ends in /api.",
        )
    return ProviderUnavailable(
        f"{source} failed (HTTP {status})", cure="Look into its own log; it answers, but with an error."
    )
