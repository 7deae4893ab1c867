"""`sokoul pages`: the definitions in use, their schema, and one of them run step by step."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack
from typing import Final, TextIO

from sokoul import log
from sokoul.app.sources.pages import settings, tools_for
from sokoul.config.load import Loaded
from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.domain.offer import Offer
from sokoul.domain.query import read_query
from sokoul.features.search.ports import Query
from sokoul.providers.pages import loading
from sokoul.providers.pages.definition import Definition, json_schema
from sokoul.providers.pages.extract import Extraction
from sokoul.providers.pages.loading import Broken

GOOD, FAILED = 0, 1
_ADDRESSES: Final = ("http://", "https://")


def run(loaded: Loaded, options: argparse.Namespace, stdout: TextIO) -> int:
    """Carry out `list`, `schema` or `test`."""
    log.configure("warning", "text", secrets=log.secrets_of(loaded.config))
    if options.action == "schema":
        stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
        return GOOD
    if options.action == "list":
        return _list(loaded, stdout)
    [found] = loading.load([options.definition])[:1] or [
        Broken(options.definition, ("there is no definition in it",))
    ]
    if isinstance(found, Broken):
        sys.stderr.writelines(f"{problem}\n" for problem in found.problems)
        return FAILED
    return asyncio.run(_test(loaded, found, " ".join(options.wanted), stdout))


def _list(loaded: Loaded, stdout: TextIO) -> int:
    pages = loaded.config.providers.pages
    used = loading.load(pages.definitions)
    shipped = [each for each in loading.shipped() if each.name not in {one.name for one in used}]
    for each in [*used, *shipped]:
        if isinstance(each, Broken):
            stdout.write(f"broken   {each.name}\n")
            stdout.writelines(f"         {problem}\n" for problem in each.problems)
            continue
        state = "off" if each in shipped or not pages.enabled else "in use"
        way = "with Chromium" if each.uses_browser else "plain HTTP"
        stdout.write(f"{state:<8} {each.name:<20} {each.label}: {each.about or each.hosts[0]} ({way})\n")
    if shipped:
        stdout.write("Name those that are off in providers.pages.definitions to use them.\n")
    return FAILED if any(isinstance(each, Broken) for each in used) else GOOD


async def _test(loaded: Loaded, definition: Definition, wanted: str, stdout: TextIO) -> int:
    started = time.monotonic()

    def tell(kind: str, text: str) -> None:
        stdout.write(f"{time.monotonic() - started:7.2f} s  {kind:<8} {text}\n")
        stdout.flush()

    async with AsyncExitStack() as closing:
        tools, _ = tools_for(settings(loaded.config), closing)
        extraction = Extraction(definition, tools, tell)
        try:
            async with asyncio.timeout(definition.limits.seconds):
                found = await _asked(extraction, wanted)
        except TimeoutError:
            return _nothing(f"it took longer than its {definition.limits.seconds:g} s (`limits.seconds`)")
        except ProviderUnavailable as failure:
            return _nothing(f"{failure}. {failure.cure or ''}".strip())
        if not found:
            return _nothing("nothing was found; the lines above say how far it came")
        tell("done", f"{len(found)} found")
        return GOOD


async def _asked(extraction: Extraction, wanted: str) -> list[Offer]:
    if wanted.startswith(_ADDRESSES):
        return await extraction.page(wanted)
    title, year, season, episode = read_query(wanted)
    text = f"{title} {year}" if year else title
    kind = MediaType.TV if season is not None else MediaType.UNKNOWN
    return await extraction.search(Query((text,), kind, year, season, episode))


def _nothing(why: str) -> int:
    sys.stderr.write(f"sokoul pages test: {why}\n")
    return FAILED
