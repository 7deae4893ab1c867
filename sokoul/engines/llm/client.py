"""Asks any OpenAI-compatible endpoint for one structured answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar

import aiohttp

from sokoul.domain.errors import ProviderUnavailable
from sokoul.engines.llm.grammar import Shape
from sokoul.engines.llm.server import Address

T = TypeVar("T")

NAME: Final = "the language model"
_LARGEST: Final = 512 * 1024
_LLAMA_CPP: Final = frozenset({"llamacpp", "me"})  # its own server, llama-cpp-python's
_NOT_UNDERSTOOD: Final = frozenset({400, 422, 501})


class Speaks(StrEnum):
    """How an endpoint is told the shape of its answer, the surest way first."""

    GRAMMAR = "grammar"
    SCHEMA = "schema"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is to do, and what with."""

    task: str
    data: str


class Where(Protocol):
    """Knows where the model is now; raises ProviderUnavailable with the reason where it is not."""

    def __call__(self) -> Address: ...


class ChatClient:
    """One endpoint and one model on it.

    `model` None: the first one it lists. `speaks` None: found out, by who serves it and what it refuses.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        where: Where,
        *,
        model: str | None = None,
        speaks: Speaks | None = None,
    ) -> None:
        self._http, self._where, self._model, self._speaks = http, where, model, speaks
        self._ways = tuple(Speaks) if speaks is None else (speaks,)

    async def ask(self, prompt: Prompt, shape: Shape, *, timeout: float, temperature: float = 0.0) -> str:
        """The model's text, unread. Raises ProviderUnavailable."""
        return await _within(timeout, self._ask(prompt, shape, temperature))

    async def check(self, *, timeout: float) -> str:
        """The name of the model that answers. Raises ProviderUnavailable with the cure."""
        status = await _within(timeout, self._look(self._where()))
        if status >= 400:
            raise _refused(status)
        return self._model or "unnamed"

    async def _ask(self, prompt: Prompt, shape: Shape, temperature: float) -> str:
        address = self._where()
        if self._speaks is None or self._model is None:
            await self._look(address)
        status, told = 0, None
        for way in self._ways[self._ways.index(self._speaks or Speaks.SCHEMA) :]:
            status, told = await self._post(
                address, self._body(prompt, shape, way) | {"temperature": temperature}
            )
            if status not in _NOT_UNDERSTOOD:
                self._speaks = way
                break
        if status >= 400:
            raise _refused(status)
        return _content(told)

    def _body(self, prompt: Prompt, shape: Shape, speaks: Speaks) -> dict[str, Any]:
        body: dict[str, Any] = {
            "messages": [
                {"role": "system", "content": prompt.task},
                {"role": "user", "content": prompt.data},
            ],
            "max_tokens": shape.tokens,
            "stream": False,
        }
        if self._model is not None:
            body["model"] = self._model
        if speaks is Speaks.GRAMMAR:
            body["grammar"] = shape.grammar
        elif speaks is Speaks.SCHEMA:
            told = {"name": shape.name, "strict": True, "schema": dict(shape.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": told}
        return body

    async def _look(self, address: Address) -> int:
        """Which model is there, and whether llama.cpp serves it; the status, for some list nothing."""
        status, told = await self._exchange("GET", f"{address.url}/models", address, None)
        if status in {401, 403}:
            raise _refused(status)
        models = [each for each in _list(told, "data") if isinstance(each, dict)] if status < 400 else []
        first = models[0] if models else {}
        if self._model is None and isinstance(first.get("id"), str):
            self._model = first["id"][:200]
        if self._speaks is None:
            known = first.get("owned_by") in _LLAMA_CPP
            self._speaks = Speaks.GRAMMAR if known else Speaks.SCHEMA
        return status

    async def _post(self, address: Address, body: dict[str, Any]) -> tuple[int, Any]:
        return await self._exchange("POST", f"{address.url}/chat/completions", address, body)

    async def _exchange(
        self, method: str, url: str, address: Address, body: dict[str, Any] | None
    ) -> tuple[int, Any]:
        """The status and the JSON of the answer, None where it is none."""
        headers = {"Authorization": f"Bearer {address.key}"} if address.key else {}
        async with self._http.request(
            method, url, json=body, headers=headers, allow_redirects=False
        ) as reply:
            read = bytearray()
            async for chunk in reply.content.iter_chunked(16 * 1024):
                read += chunk
                if len(read) > _LARGEST:
                    raise ProviderUnavailable(
                        f"{NAME} does not stop answering", cure="Check oracle.endpoint."
                    )
            return reply.status, _json(bytes(read))


async def _within(timeout: float, work: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(timeout):
            return await work
    except TimeoutError:
        raise ProviderUnavailable(
            f"{NAME} did not answer within {timeout:.1f} s", cure="Choose a smaller model.", timed_out=True
        ) from None
    except (aiohttp.ClientError, OSError, ValueError):
        # The library's own error may hold the whole address.
        raise ProviderUnavailable(
            f"{NAME} could not be reached", cure="Check that it runs and that oracle.endpoint is right."
        ) from None


def _json(read: bytes) -> Any:
    try:
        return json.loads(read)
    except (ValueError, RecursionError):
        return None


def _list(told: Any, name: str) -> list[Any]:
    found = told.get(name) if isinstance(told, dict) else None
    return found if isinstance(found, list) else []


def _content(told: Any) -> str:
    first = next(iter(_list(told, "choices")), None)
    message = first.get("message") if isinstance(first, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, str):
        raise ProviderUnavailable(
            f"{NAME} did not answer as an OpenAI-compatible endpoint does", cure="Check oracle.endpoint."
        )
    return content


def _refused(status: int) -> ProviderUnavailable:
    if status in {401, 403}:
        return ProviderUnavailable(
            f"{NAME} does not accept the key",
            cure="Check the key in oracle.endpoint (https://sokoul:KEY@host/v1).",
        )
    if status == 429:
        return ProviderUnavailable(f"{NAME} is asked too often (HTTP 429)", cure="Wait, or use another one.")
    cure = "Check oracle.endpoint and oracle.model." if status < 500 else "See what its own log says."
    return ProviderUnavailable(f"{NAME} failed (HTTP {status})", cure=cure)
