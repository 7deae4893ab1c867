"""The ways in which a source says no, each with what to do about it."""

from __future__ import annotations

from sokoul.domain.errors import ProviderUnavailable


class KeyRefused(ProviderUnavailable):
    """The source did not accept the key."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source} did not accept the key",
            cure="Copy the API key from its own settings page and put it in `api_key`.",
        )


def http_refusal(status: int, source: str) -> ProviderUnavailable:
    """What a bare HTTP status means, with its cure."""
    if status in {401, 403}:
        return KeyRefused(source)
    if status == 404:
        return ProviderUnavailable(
            f"{source} knows no such address",
            cure="Check the path in `url`; a Torznab address often ends in /api.",
        )
    if status == 429:
        return ProviderUnavailable(f"{source} allows no more requests for now", cure="Wait a while.")
    return ProviderUnavailable(
        f"{source} failed (HTTP {status})", cure="Look into its own log; it answers, but with an error."
    )
