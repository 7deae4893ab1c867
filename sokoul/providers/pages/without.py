"""Pages without a browser: the plain document, and addresses of films that stand in its text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final

import aiohttp
from yarl import URL

from sokoul.domain.pages import Captured
from sokoul.providers.fetch import fetch
from sokoul.providers.pages import offers
from sokoul.providers.pages.definition import Capture, Definition
from sokoul.providers.pages.reading import Item
from sokoul.providers.refusals import http_refusal

# How a plain request presents itself to a page made for browsers.
AGENT: Final = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
_MOST_BYTES: Final = 5 * 1024 * 1024
_MOST_ADDRESSES: Final = 2000
_QUOTED: Final = re.compile(r"""["'(]((?:https?:)?\\?/?\\?/[^"'()<>\s]{3,2000})["')]""")


async def page(
    http: aiohttp.ClientSession, definition: Definition, url: str, is_ours: Callable[[URL], bool]
) -> str:
    """The document as a server gives it. Raises ProviderUnavailable."""
    reply = await fetch(
        http,
        definition.label,
        url,
        headers={"User-Agent": AGENT},
        timeout=definition.limits.page_seconds,
        limit=_MOST_BYTES,
        may_follow=lambda _, there: there.is_absolute() and is_ours(there),
    )
    if reply.status >= 400:
        raise http_refusal(reply.status, definition.label)
    return reply.body.decode("utf-8", "replace")


def captured(document: str, url: str, capture: Capture) -> list[Item]:
    """Addresses in the text that the definition listens for, with the headers a browser would have sent."""
    patterns = [".*".join(map(re.escape, each.split("*"))) for each in capture.requests]
    wanted = re.compile(rf"(?:{'|'.join(patterns)})\Z", re.IGNORECASE)
    here = URL(url)
    known = {"referer": url, "origin": str(here.origin()), "user-agent": AGENT}
    headers = tuple((name, known[name]) for name in capture.headers if name in known)
    found: dict[str, None] = {}
    for quoted, _ in zip(_QUOTED.finditer(document), range(_MOST_ADDRESSES), strict=False):
        text = html.unescape(quoted[1].replace("\\/", "/"))
        try:
            there = str(here.join(URL(text)))
        except ValueError:
            continue
        if wanted.match(there):
            found[there] = None
    return [offers.captured_item(Captured(there, headers, "")) for there in list(found)[: capture.most]]
