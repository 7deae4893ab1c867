"""The model as searching sees it: one question, one retry, five seconds in all; answers are checked first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Protocol, TypeVar

import structlog

from sokoul import metrics
from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.meaning import Wish
from sokoul.domain.media import MediaType, Wanted
from sokoul.domain.opinion import Opinion
from sokoul.engines.llm import grammar, prompts, strict
from sokoul.engines.llm.client import ChatClient, Prompt
from sokoul.engines.llm.grammar import Shape
from sokoul.engines.llm.pace import Pace
from sokoul.engines.llm.strict import NotAnAnswer

log = structlog.get_logger(__name__)
T = TypeVar("T")

LIMIT: Final = 5.0
# Of each try: the same question as coldly would get the same answer.
_WARMTHS: Final = (0.0, 0.6)
# A second try that cannot finish only costs.
_LEAST: Final = 0.2
_LONGEST_NAME: Final = 255
LONGEST_OVERVIEW: Final = 2000
_KINDS: Final = {MediaType.MOVIE: "film", MediaType.TV: "series", MediaType.EPISODE: "series"}


class Breaker(Protocol):
    """Leaves a model that fails again and again in peace for a while."""

    @property
    def state(self) -> str: ...

    async def call(self, work: Callable[[], Awaitable[T]]) -> T: ...


class ModelOracle:
    """Asks one endpoint; `language` (ISO 639-1) is what it gives its reasons in."""

    def __init__(
        self, client: ChatClient, breaker: Breaker, *, limit: float = LIMIT, language: str = "en"
    ) -> None:
        self._client, self.breaker, self._limit = client, breaker, limit
        self._pace, self._task = Pace(), prompts.judge(language)
        self._searching = 0
        self._aside: asyncio.Future[str] | None = None

    @property
    def limit(self) -> float:
        """Seconds that one question may take in all."""
        return self._limit

    async def judge(self, wanted: Wanted, names: Sequence[str], *, timeout: float) -> Mapping[int, Opinion]:
        """What it thinks of each name, by place; the last ones are missing where it is slow.

        Raises ProviderUnavailable.
        """
        if not names:
            return {}
        count = self._pace.affordable(len(names))
        prompt = Prompt(self._task, told(wanted, names[:count]))
        limit, clock = min(timeout, self._limit), asyncio.get_running_loop().time
        started = clock()
        try:
            found = await self._answer(
                "judge", prompt, grammar.verdicts(count), lambda text: strict.verdicts(text, count), limit
            )
        except ProviderUnavailable as err:
            if err.timed_out:
                self._pace.missed(count)
            raise
        self._pace.kept(count, clock() - started, limit)
        return {number - 1: opinion for number, opinion in found.items()}

    async def understand(self, text: str, *, timeout: float) -> Wish:
        """What a description says. Raises ProviderUnavailable."""
        asked = plain(text)
        prompt = Prompt(prompts.UNDERSTAND, json.dumps({"description": asked}, ensure_ascii=False))
        shape = grammar.understanding()
        return await self._answer(
            "understand", prompt, shape, lambda told: strict.understood(told, asked), timeout
        )

    async def summarise(self, title: str, overview: str, *, language: str, timeout: float) -> str:
        """Two or three sentences in `language`; gives way to whoever searches. Raises ProviderUnavailable."""
        if self.breaker.state == "open" or self._searching or self._aside is not None:
            raise ProviderUnavailable("the language model is busy or away", cure="Ask again later.")
        data = {"title": plain(title), "overview": plain(overview, LONGEST_OVERVIEW)}
        prompt = Prompt(prompts.summarise(language), json.dumps(data, ensure_ascii=False))
        until = asyncio.get_running_loop().time() + timeout
        # Not through the breaker: a model that is too slow for this may be quick enough for a search.
        self._aside = asyncio.ensure_future(self._try(prompt, grammar.summary(), strict.summary, until))
        try:
            await asyncio.wait({self._aside})
            if self._aside.cancelled():
                raise ProviderUnavailable(
                    "the language model is needed elsewhere", cure="Ask again later."
                )
            return self._aside.result()
        finally:
            self._aside.cancel()
            self._aside = None

    async def check(self, *, timeout: float) -> str:
        """The name of the model that answers; raises ProviderUnavailable with the cure."""
        return await self._client.check(timeout=timeout)

    async def _answer(
        self, task: str, prompt: Prompt, shape: Shape, read: Callable[[str], T], timeout: float
    ) -> T:
        limit, clock = min(timeout, self._limit), asyncio.get_running_loop().time
        started = clock()
        status = "failed"
        self._searching += 1
        if self._aside is not None:
            self._aside.cancel()
        try:
            answer = await self.breaker.call(lambda: self._try(prompt, shape, read, started + limit))
            status = "ok"
        finally:
            self._searching -= 1
            metrics.AI_DURATION.labels(task, status).observe(clock() - started)
        return answer

    async def _try(self, prompt: Prompt, shape: Shape, read: Callable[[str], T], deadline: float) -> T:
        """Twice at most; only an answer that is none is worth a second question."""
        clock = asyncio.get_running_loop().time
        why = ""
        for warmth in _WARMTHS:
            left = deadline - clock()
            if left < _LEAST:
                break
            text = await self._client.ask(prompt, shape, timeout=left, temperature=warmth)
            try:
                return read(text)
            except NotAnAnswer as err:
                why = str(err)
                log.warning("the model's answer is of no use", shape=shape.name, why=why)
        raise ProviderUnavailable(
            f"the language model's answer was of no use ({why or 'no time was left'})",
            cure="Choose a model that follows instructions.",
        )


def told(wanted: Wanted, names: Sequence[str]) -> str:
    """JSON, so that nothing in a name can look like the end of it."""
    work = wanted.work
    content = {
        "wanted": {
            "kind": _KINDS.get(work.media_type, "film or series"),
            "title": plain(work.title),
            "other_titles": [plain(name) for name in (work.original_title, *work.aliases[:4]) if name],
            "year": work.year,
            "season": wanted.season,
            "episode": wanted.episode,
        },
        "releases": [{"id": number, "name": plain(name)} for number, name in enumerate(names, 1)],
    }
    return json.dumps(content, ensure_ascii=False)


def plain(text: str, longest: int = _LONGEST_NAME) -> str:
    """A line of so many bytes at most, without what does not print: no text may fill the model's context."""
    cut = text[:longest].encode(errors="replace")[:longest].decode(errors="ignore")
    return " ".join("".join(character if character.isprintable() else " " for character in cut).split())
