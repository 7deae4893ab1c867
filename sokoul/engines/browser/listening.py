"""What is listened for on a page, by the browser's own protocol: films are noted, the rest is turned away.

Only requests that matter stop here (documents, pictures, fonts, media, and the addresses that are looked for
or blocked); all others go on inside the browser without a word.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from playwright.async_api import CDPSession, Error

from sokoul.domain.pages import Captured, Event, Visit, host_matches
from sokoul.engines.browser import blocking
from sokoul.lifecycle import Tasks

log = structlog.get_logger(__name__)

MOST_DOCUMENTS: Final = 20
_MOST_EVENTS: Final = 200
_MOST_PLAYLIST: Final = 2 * 1024 * 1024
_USELESS: Final = ("Image", "Font", "Media", "Ping")
_PLAYLISTS: Final = ("mpegurl", "dash+xml")
_LONGEST_VALUE: Final = 4096
Cookies = Callable[[str], Awaitable[str]]


class Listening:
    """Hears the requests of one page; `enough` is set once the wanted number is captured."""

    def __init__(self, visit: Visit, session: CDPSession, cookies: Cookies) -> None:
        self._visit, self._session, self._cookies = visit, session, cookies
        self._wanted = blocking.matcher(visit.capture)
        self._advertising = blocking.hosts(visit.block)
        self._unwanted = blocking.matcher(blocking.addresses(visit.block))
        self._tasks = Tasks("browser.page")
        self._started = time.monotonic()
        self._documents = 0
        self._main: str | None = None
        self._turned_away: Counter[tuple[str, str]] = Counter()
        self.captured: list[Captured] = []
        self.events: list[Event] = []
        self.enough = asyncio.Event()
        self.trouble: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def begin(self) -> None:
        """Listen from now on."""
        tree = await self._session.send("Page.getFrameTree")
        self._main = tree["frameTree"]["frame"]["id"]
        self._session.on("Fetch.requestPaused", self._paused)
        patterns: list[dict[str, Any]] = [{"resourceType": kind} for kind in ("Document", *_USELESS)]
        patterns += [{"urlPattern": pattern} for pattern in blocking.addresses(self._visit.block)]
        patterns += [{"urlPattern": pattern, "requestStage": "Response"} for pattern in self._visit.capture]
        await self._session.send("Fetch.enable", {"patterns": patterns})

    async def end(self) -> None:
        """Stop; what is still on its way is dropped."""
        self._session.remove_listener("Fetch.requestPaused", self._paused)
        await self._tasks.close()
        if not self.trouble.done():
            self.trouble.cancel()

    def note(self, kind: str, text: str) -> None:
        """Write down what happened."""
        if len(self.events) < _MOST_EVENTS:
            self.events.append(Event(time.monotonic() - self._started, kind, text[:500]))

    def fail(self, why: str) -> None:
        """The page cannot go on."""
        if not self.trouble.done():
            self.trouble.set_result(why)

    def turned_away(self) -> tuple[tuple[str, str, int], ...]:
        """Whose requests were stopped here, why, and how often."""
        return tuple((host, why, count) for (host, why), count in self._turned_away.most_common(100))

    def _paused(self, told: dict[str, Any]) -> None:
        self._tasks.spawn("request", self._decide(told))

    async def _decide(self, told: dict[str, Any]) -> None:
        try:
            await self._answer(told)
        except Error as error:
            # The page has gone on, and its request with it.
            log.debug("a request went before it was answered", why=error.message)

    async def _answer(self, told: dict[str, Any]) -> None:
        url, kind = str(told["request"]["url"]), str(told.get("resourceType"))
        wanted = self._wanted.match(url) is not None
        if "responseStatusCode" in told or "responseErrorReason" in told:
            await (self._heard(told) if wanted else self._go_on(told))
        elif (why := self._why_not(told, url, kind, wanted=wanted)) is not None:
            await self._turn_away(told, url, kind, why)
        else:
            await self._go_on(told, hear=wanted)

    def _why_not(self, told: dict[str, Any], url: str, kind: str, *, wanted: bool) -> str | None:
        host = urlsplit(url).hostname or ""
        if self._advertising.search(host):
            return "advertising"
        if self._unwanted.match(url):
            return "blocked by the definition"
        if kind == "Document" and told.get("frameId") == self._main:
            self._documents += 1
            if self._documents > MOST_DOCUMENTS:
                self.fail("it leads from page to page without end")
                return "too many pages"
            if not host_matches(host, self._visit.hosts):
                return "leads away from the definition's hosts"
        if kind in _USELESS and not wanted:
            return "pictures, fonts and media are not loaded"
        return None

    async def _turn_away(self, told: dict[str, Any], url: str, kind: str, why: str) -> None:
        host = urlsplit(url).hostname or ""
        if len(self._turned_away) < _MOST_EVENTS:
            self._turned_away[host[:255], why] += 1
        reason = "Aborted" if kind == "Document" else "BlockedByClient"
        await self._session.send("Fetch.failRequest", {"requestId": told["requestId"], "errorReason": reason})
        if kind == "Document" and told.get("frameId") != self._main:
            self.note("blocked", f"frame of {host}: {why}")
            await self._remove_frame(str(told["frameId"]))
        elif kind == "Document":
            self.note("blocked", f"page at {host}: {why}")

    async def _remove_frame(self, frame_id: str) -> None:
        """Take an advertising frame out of its page, so that it lies over nothing."""
        owner = await self._session.send("DOM.getFrameOwner", {"frameId": frame_id})
        node = await self._session.send("DOM.resolveNode", {"backendNodeId": owner["backendNodeId"]})
        await self._session.send(
            "Runtime.callFunctionOn",
            {"objectId": node["object"]["objectId"], "functionDeclaration": "function() { this.remove() }"},
        )

    async def _go_on(self, told: dict[str, Any], *, hear: bool = False) -> None:
        request: dict[str, Any] = {"requestId": told["requestId"]}
        if hear:
            request["interceptResponse"] = True
        await self._session.send("Fetch.continueRequest", request)

    async def _heard(self, told: dict[str, Any]) -> None:
        """The answer to a request that was listened for: only a good one counts, its bytes are not wanted."""
        url, status = str(told["request"]["url"]), told.get("responseStatusCode")
        if status is None or not 200 <= status < 300:
            self.note("refused", f"{_short(url)}: {status or told.get('responseErrorReason')}")
            await self._go_on(told)
            return
        answer = {str(each["name"]).lower(): str(each["value"]) for each in told.get("responseHeaders", ())}
        content_type = answer.get("content-type", "").partition(";")[0].strip().lower()
        body = await self._playlist(told, url, content_type, answer)
        if len(self.captured) < self._visit.most:
            found = Captured(
                url=url,
                headers=await self._kept(told["request"]["headers"], url),
                content_type=content_type,
                size=_number(answer.get("content-length")),
                body=body,
                after_seconds=time.monotonic() - self._started,
            )
            self.captured.append(found)
            self.note("found", _short(url))
        if len(self.captured) >= self._visit.most:
            self.enough.set()
        await self._session.send(
            "Fetch.failRequest", {"requestId": told["requestId"], "errorReason": "Aborted"}
        )

    async def _playlist(
        self, told: dict[str, Any], url: str, content_type: str, answer: dict[str, str]
    ) -> str | None:
        named = urlsplit(url).path.lower().endswith((".m3u8", ".mpd"))
        if not (named or any(kind in content_type for kind in _PLAYLISTS)):
            return None
        if (_number(answer.get("content-length")) or 0) > _MOST_PLAYLIST:
            return None
        told_body = await self._session.send("Fetch.getResponseBody", {"requestId": told["requestId"]})
        raw = str(told_body["body"])
        body = base64.b64decode(raw) if told_body["base64Encoded"] else raw.encode()
        return body[:_MOST_PLAYLIST].decode("utf-8", "replace")

    async def _kept(self, sent: dict[str, Any], url: str) -> tuple[tuple[str, str], ...]:
        """The headers without which the address may not answer; nothing that could break a header line."""
        named = {str(name).lower(): str(value) for name, value in sent.items()}
        if "cookie" in self._visit.headers and (cookies := await self._cookies(url)):
            named["cookie"] = cookies
        return tuple(
            (name, named[name])
            for name in self._visit.headers
            if name in named and named[name].isprintable() and len(named[name]) <= _LONGEST_VALUE
        )


def _short(url: str) -> str:
    """Without the query, which may hold a token."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:300]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 16 else None
