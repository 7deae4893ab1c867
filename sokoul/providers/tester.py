"""The Test buttons: one small question with the values on the page, and a plain answer with the cure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from pydantic import SecretStr, ValidationError

from sokoul.config import providers as settings
from sokoul.domain.errors import Invalid, NotFound, SokoulError
from sokoul.outbound import OutboundGuard
from sokoul.providers.metadata.tmdb import Tmdb, TmdbConfig
from sokoul.providers.metadata.tvmaze import Tvmaze, TvmazeConfig
from sokoul.providers.registry import build_indexer

_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it works, in plain words, and what to do where it does not."""

    ok: bool
    message: str
    cure: str | None = None


Values = Mapping[str, Any]
Test = Callable[[Values], Awaitable[Verdict]]


class IntegrationTester:
    """Tries `indexer`, `tmdb`, `tvmaze` and what `others` adds; absent values are the configured ones."""

    def __init__(self, configured: settings.Providers, others: Mapping[str, Test] | None = None) -> None:
        self._configured = configured
        self._tests: dict[str, Test] = {
            "indexer": self._indexer,
            "tmdb": self._tmdb,
            "tvmaze": self._tvmaze,
            **(others or {}),
        }

    async def test(self, integration: str, values: Values) -> Verdict:
        """The verdict; raises NotFound for an integration nobody knows, Invalid for a value of no use."""
        known = self._tests.get(integration)
        if known is None:
            raise NotFound(
                f"There is no test for {integration!r}; there are: {', '.join(sorted(self._tests))}"
            )
        try:
            return await known(values)
        except (NotFound, Invalid):
            raise
        except SokoulError as err:
            return Verdict(ok=False, message=f"{err}.", cure=getattr(err, "cure", None))

    async def _indexer(self, values: Values) -> Verdict:
        entry = self._indexer_settings(values)
        async with _way_out(entry.url) as http:
            return Verdict(ok=True, message=await build_indexer(entry, http).check())

    async def _tmdb(self, values: Values) -> Verdict:
        configured = self._configured.tmdb
        key = _text(values, "api_key") or (
            configured.api_key.get_secret_value() if configured.api_key else ""
        )
        if not key:
            return Verdict(
                ok=False,
                message="There is no key yet.",
                cure="Get a free one at themoviedb.org: Settings, API.",
            )
        base_url = _text(values, "base_url") or configured.base_url
        async with _way_out(base_url) as http:
            source = Tmdb(TmdbConfig(key, base_url, configured.language, timeout=_PATIENCE), http)
            return Verdict(ok=True, message=await source.check())

    async def _tvmaze(self, values: Values) -> Verdict:
        base_url = _text(values, "base_url") or self._configured.tvmaze.base_url
        async with _way_out(base_url) as http:
            return Verdict(
                ok=True, message=await Tvmaze(TvmazeConfig(base_url, timeout=_PATIENCE), http).check()
            )

    def _indexer_settings(self, values: Values) -> settings.Indexer:
        """What the page says, completed by the configured indexer of that name."""
        name = _text(values, "name") or _text(values, "type") or "indexer"
        known = next((each for each in self._configured.indexers if each.name == name), None)
        told = known.model_dump() if known else {}
        told |= {key: text for key in ("name", "type", "url") if (text := _text(values, key))}
        if key := _text(values, "api_key"):
            told["api_key"] = SecretStr(key)
        told |= {"name": name, "timeout": _PATIENCE}
        try:
            return settings.Indexer.model_validate(told)
        except ValidationError as err:
            first = err.errors(include_url=False, include_input=False)[0]
            raise Invalid(".".join(map(str, first["loc"])) or "body", first["msg"]) from None


def _way_out(url: str) -> aiohttp.ClientSession:
    """A session that may reach this one address, wherever it is, and nothing else inside."""
    guard = OutboundGuard()
    try:
        guard.allow_url(url)
    except ValueError:
        raise Invalid("url", "should be an address such as http://host:port") from None
    return guard.session(timeout=_PATIENCE)


def _text(values: Values, name: str) -> str:
    value = values.get(name)
    return value.strip()[:2000] if isinstance(value, str) else ""
