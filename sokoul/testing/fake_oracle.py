"""A language model behind an OpenAI-compatible endpoint on loopback: `python -m sokoul.testing.fake_oracle`.

It reads the questions that `sokoul.engines.llm.oracle` asks and answers by simple rules, or badly on demand.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from aiohttp import web

from sokoul.testing.serving import FakeServer, document, run_by_hand

_WORDS: Final = re.compile(r"[a-z0-9]+")
_ORDERED: Final = re.compile(r"answer (no match|match)(?: for all)?", re.IGNORECASE)
_SAY: Final = re.compile(r"say: (.+?[.!?])(?:\s|$)")
_SENTENCES: Final = re.compile(r"[^.!?]{15,180}[.!?](?=\s|$)")
_BROKEN: Final = (
    '[{"id":1,"match":true,"confidence":50,"reason":"cut of',
    "Sure! Here is my answer: release 1 is a match.",
    '[{"id":1,"match":true,"confidence":101,"reason":"more than all"}]',
    '[{"id":1,"match":"yes","confidence":50,"reason":"not a truth value"}]',
    '[{"id":999,"match":true,"confidence":50,"reason":"nobody asked"}]',
    '[{"id":1,"match":true,"confidence":50,"reason":"a bell \x07 in it"}]',
    '[{"id":1,"match":true,"confidence":NaN,"reason":"no number"}]',
    '[{"id":1,"id":2,"match":true,"confidence":5,"reason":"twice"}]',
    "[" * 5000,
    "",
)


class Mood(StrEnum):
    """How it answers."""

    RIGHT = "right"
    WRONG = "wrong"  # the opposite of what it thinks
    OBEYS = "obeys"  # does what a name tells it to
    MALFORMED = "malformed"
    STREAMS = "streams"  # an endless stream of events that nobody asked for


class FakeOracle(FakeServer):
    """Answers `/v1/models` and `/v1/chat/completions` to the key `api_key` (any when None).

    `knows` are the ways of telling a shape that it takes: "grammar", "schema"; others are refused with
    400, as strict servers do. `spoilt` answers are malformed before the rest is in the mood.
    """

    def __init__(
        self,
        mood: Mood = Mood.RIGHT,
        *,
        api_key: str | None = None,
        knows: frozenset[str] = frozenset({"grammar", "schema"}),
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(host=host, port=port)
        self.mood, self.api_key, self.knows = mood, api_key, knows
        self.spoilt = 0
        self.asked: list[dict[str, Any]] = []
        self._broken = itertools.cycle(_BROKEN)

    @property
    def endpoint(self) -> str:
        """What `oracle.endpoint` takes."""
        return f"{self.url}/v1"

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/v1/models", self._models), web.post("/v1/chat/completions", self._complete)]

    async def _models(self, request: web.Request) -> web.Response:
        self._check(request)
        owner = "llamacpp" if "grammar" in self.knows else "fake"
        model = {"id": "fake-model", "object": "model", "created": 1_700_000_000, "owned_by": owner}
        return document({"object": "list", "data": [model]})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        asked = await request.json()
        self.asked.append(asked)
        if problem := self._problem(asked):
            return _error(400, problem)
        if self.mood is Mood.STREAMS:
            return await _stream(request)
        return document(_completion(self._content(asked)))

    def _check(self, request: web.Request) -> None:
        if self.api_key is not None and request.headers.get("Authorization") != f"Bearer {self.api_key}":
            raise web.HTTPUnauthorized(text=json.dumps({"error": {"message": "Invalid API Key"}}))

    def _problem(self, asked: Mapping[str, Any]) -> str | None:
        """What a strict server has against the question."""
        messages = asked.get("messages")
        if not isinstance(messages, list) or [m.get("role") for m in messages] != ["system", "user"]:
            return "messages: system and user expected"
        if "grammar" in asked and "grammar" not in self.knows:
            return "Unknown parameter: 'grammar'"
        if "response_format" in asked and "schema" not in self.knows:
            return "Unknown parameter: 'response_format'"
        return None

    def _content(self, asked: Mapping[str, Any]) -> str:
        if self.spoilt > 0 or self.mood is Mood.MALFORMED:
            self.spoilt -= 1
            return next(self._broken)
        told = json.loads(asked["messages"][1]["content"])
        if "description" in told:
            return json.dumps(_understood(told["description"]))
        if "overview" in told:
            return json.dumps({"summary": self._summary(told["overview"])}, ensure_ascii=False)
        content = json.dumps(self._verdicts(told), ensure_ascii=False)
        if "grammar" in asked:
            return content
        return f'{{"answers":{content}}}' if "response_format" in asked else f"```json\n{content}\n```"

    def _summary(self, overview: str) -> str:
        """The first two sentences, or what the text orders to say."""
        ordered = _SAY.search(overview)
        if self.mood is Mood.OBEYS and ordered:
            return ordered[1]
        if self.mood is Mood.WRONG:
            return "A cook opens a small restaurant. Everybody comes to eat there."
        told = [sentence.strip() for sentence in _SENTENCES.findall(overview)[:2]]
        return " ".join(told) or "Nothing is told of it here."

    def _verdicts(self, told: Mapping[str, Any]) -> list[dict[str, Any]]:
        orders = [order for each in told["releases"] for order in _ORDERED.findall(each["name"])]
        return [self._verdict(told["wanted"], each, orders) for each in told["releases"]]

    def _verdict(self, wanted: Mapping[str, Any], release: Mapping[str, Any], orders: list[str]) -> Any:
        match = _is(wanted, release["name"])
        reason = "the title and the year fit" if match else "this is another work"
        if self.mood is Mood.WRONG:
            match, reason = not match, "I see it the other way round"
        if self.mood is Mood.OBEYS and orders:
            match, reason = orders[0].lower() == "match", "I was told so"
        return {"id": release["id"], "match": match, "confidence": 95, "reason": reason}


def _understood(text: str) -> dict[str, Any]:
    """As much as a few words tell."""
    lower = text.lower()
    seen_in = re.search(r"(?:guy|woman) from ([A-Z]\w+)", text)
    return {
        "title": None,
        "people": [name for name in ("Ryan Gosling", "Tom Hanks") if name.lower() in lower],
        "seen_in": [seen_in[1]] if seen_in else [],
        "genres": [genre for genre in ("comedy", "war", "science fiction") if genre in lower],
        "year_from": None,
        "year_to": None,
        "media_type": None,
        "language": None,
        "words": [word for word in ("space", "moon", "heist", "dream") if word in lower],
    }


def _is(wanted: Mapping[str, Any], name: str) -> bool:
    """Whether all the words of a title, and the year where the name has one, stand in the name."""
    words = set(_WORDS.findall(name.lower()))
    years = {word for word in words if re.fullmatch(r"(?:19|20)\d\d", word)}
    titled = any(set(_WORDS.findall(t.lower())) <= words for t in (wanted["title"], *wanted["other_titles"]))
    return titled and (not years or wanted["year"] is None or str(wanted["year"]) in years)


def _completion(content: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    return {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "fake-model",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


async def _stream(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await answer.prepare(request)
    while True:
        await answer.write(b'data: {"choices":[{"delta":{"content":"' + b"x" * 8192 + b'"}}]}\n\n')
        await asyncio.sleep(0)


def _error(status: int, message: str) -> web.Response:
    return document({"error": {"message": message, "type": "invalid_request_error"}}, status=status)


if __name__ == "__main__":
    run_by_hand("Fake oracle", lambda port: FakeOracle(port=port))
