"""The language model of this process: at the configured address, or served here, or none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any, Final

import aiohttp
from yarl import URL

from sokoul.app.foundation import Foundation
from sokoul.app.sources.assembly import Assembly
from sokoul.config.model import Config, Oracle
from sokoul.domain.errors import Invalid, ProviderUnavailable
from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.engines.llm.client import ChatClient, Speaks
from sokoul.engines.llm.oracle import ModelOracle
from sokoul.engines.llm.server import Address, Model, ModelServer
from sokoul.features.health.service import Degraded, Off
from sokoul.outbound import OutboundGuard
from sokoul.providers.breaker import CircuitBreaker
from sokoul.providers.tester import Verdict

NAME: Final = "the language model"
_PATIENCE: Final = 20.0
_CHECKED_WITHIN: Final = 2.5
_NONE: Final = "No model is configured; rules judge alone"
_SAMPLE: Final = Wanted(Work(MediaType.MOVIE, "Sintel", 2010))
_NAMES: Final = ("Sintel.2010.1080p.BluRay.x264", "Tears.of.Steel.2012.1080p.WEB-DL.x264")
_FITS: Final = (True, False)


class LanguageModel:
    """Gives searches their model, and changes it with the settings; it is never waited for at the start."""

    def __init__(self, base: Foundation, assembly: Assembly) -> None:
        self._base, self._assembly, self._sources = base, assembly, assembly.sources
        self._settings: tuple[object, ...] = ()
        self._language = "en"
        self._oracle: ModelOracle | None = None
        self._held = AsyncExitStack()

    async def use(self, config: Config) -> None:
        """Ask the model of `config` from now on; what stays as it was goes on untouched."""
        settings, language = config.oracle, config.providers.tmdb.language[:2]
        wanted = (settings.endpoint, settings.model, settings.server, language)
        if self._settings == wanted:
            return
        await self._held.aclose()
        self._settings, self._held, self._language = wanted, AsyncExitStack(), language
        self._oracle = self._sources.oracle = await self._built(settings)
        self._sources.model_elsewhere = self._oracle is None and settings.server.start

    async def close(self) -> None:
        """End a model that is served here."""
        await self._held.aclose()

    @property
    def oracle(self) -> ModelOracle | None:
        """The one that this process asks."""
        return self._oracle

    @property
    def elsewhere(self) -> bool:
        """Whether another process has one instead."""
        return self._sources.model_elsewhere

    async def check(self) -> str:
        """For /health/deep: the name of the model that answers."""
        if self._oracle is None:
            raise Off("The role oracle has the model" if self._sources.model_elsewhere else _NONE)
        if self._oracle.breaker.state != "closed":
            raise Degraded(f"{NAME} fails and is asked again in a while ({self._oracle.breaker.state})")
        return await self._oracle.check(timeout=_CHECKED_WITHIN)

    async def test(self, values: Mapping[str, Any]) -> Verdict:
        """The Test button: two names to judge, at the address on the page or by the model in use."""
        endpoint = _text(values, "endpoint")
        if not endpoint or "****" in endpoint:  # as it is
            if self._oracle is None:
                cure = "Set oracle.endpoint, or oracle.server.start and oracle.server.gguf."
                return Verdict(ok=False, message=f"{_NONE}.", cure=cure)
            return await _tried(self._oracle)
        guard = OutboundGuard()
        try:
            where = address(endpoint, key=_text(values, "api_key"))
            guard.allow_url(where.url)
        except ValueError:
            raise Invalid("endpoint", "should be an address such as http://host:8080/v1") from None
        async with guard.session(timeout=_PATIENCE) as http:
            client = ChatClient(http, lambda: where, model=_text(values, "model") or None)
            return await _tried(ModelOracle(client, CircuitBreaker(NAME), limit=_PATIENCE))

    async def _built(self, settings: Oracle) -> ModelOracle | None:
        if settings.endpoint is not None:
            where = address(settings.endpoint)
            self._base.guard.allow_url(where.url)
            client = ChatClient(self._base.http, lambda: where, model=settings.model)
        elif settings.server.start and self._base.has("oracle"):
            client = await self._served(settings)
        else:
            self._assembly.farewell(NAME)
            return None
        breaker = self._assembly.guest(NAME, "oracle", settings)
        return ModelOracle(client, breaker, language=self._language)

    async def _served(self, settings: Oracle) -> ChatClient:
        """A model of our own; its address is loopback and known to this process alone."""
        http = await self._held.enter_async_context(aiohttp.ClientSession(trust_env=False))
        if settings.server.gguf is None:
            return ChatClient(http, _no_file)
        server = ModelServer(Model(settings.server.gguf))
        self._held.push_async_callback(server.close)
        server.start()
        return ChatClient(http, server.address, model=server.name, speaks=Speaks.GRAMMAR)


def address(endpoint: str, *, key: str = "") -> Address:
    """The address with its version, which people leave out, and without the key in it; raises ValueError."""
    url = URL(endpoint)
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(endpoint)
    bare = url.with_user(None)
    where = bare.with_path("/v1") if bare.path in {"", "/"} else bare
    return Address(str(where).rstrip("/"), key or url.password or "")


async def _tried(oracle: ModelOracle) -> Verdict:
    clock = asyncio.get_running_loop().time
    started = clock()
    name = await oracle.check(timeout=_PATIENCE)
    opinions = await oracle.judge(_SAMPLE, _NAMES, timeout=_PATIENCE)
    took = clock() - started
    message = f"{name} answers: two names took it {took:.1f} s."
    if took > oracle.limit:
        cure = f"A search waits {oracle.limit:.0f} s at most: choose a smaller model."
        return Verdict(ok=False, message=message, cure=cure)
    right = [opinions[place].match for place in sorted(opinions)] == list(_FITS)
    return Verdict(
        ok=True,
        message=message,
        cure=None if right else "It judged them wrongly, though: a larger model would help more.",
    )


def _no_file() -> Address:
    raise ProviderUnavailable(
        "a model is to be served here, but no file is named", cure="Set oracle.server.gguf."
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value.strip()[:2000] if isinstance(value, str) else ""
