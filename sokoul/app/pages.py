"""The Test button of web pages: each definition in use is asked for a film that is openly licensed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from sokoul.app.sources.pages import settings, tools_for
from sokoul.config.model import Config
from sokoul.config.types import is_file
from sokoul.domain.errors import Invalid, ProviderUnavailable
from sokoul.providers.pages import loading
from sokoul.providers.pages.loading import Broken
from sokoul.providers.pages.source import PageSource
from sokoul.providers.tester import Test, Verdict

_PATIENCE: Final = 20.0
_LONGEST: Final = 1000


def trial(current: Callable[[], Config]) -> Test:
    """Tries the definitions in use, or those that the page names with `definitions`."""

    async def pages(values: Mapping[str, Any]) -> Verdict:
        config = current()
        named = _named(values, config.state_dir) or config.providers.pages.definitions
        found = await asyncio.to_thread(loading.load, named)
        if not found:
            ships = ", ".join(each.name for each in loading.shipped())
            cure = f"Name one in `providers.pages.definitions`; there are: {ships}."
            return Verdict(ok=False, message="No page definition is in use.", cure=cure)
        for each in found:
            if isinstance(each, Broken):
                return Verdict(
                    ok=False, message=f"{each.problems[0]}.", cure="Mend that line of the definition."
                )
        async with AsyncExitStack() as closing:
            tools, _ = tools_for(settings(config), closing)
            sources = [PageSource(each, tools) for each in found if not isinstance(each, Broken)]
            return _together(await asyncio.gather(*(_ask(each) for each in sources)))

    return pages


async def _ask(source: PageSource) -> Verdict:
    try:
        async with asyncio.timeout(_PATIENCE):
            return Verdict(ok=True, message=await source.check())
    except TimeoutError:
        return Verdict(
            ok=False,
            message=f"{source.name} did not answer within {_PATIENCE:.0f} s.",
            cure="Look whether this machine reaches the Internet, and whether the site is there.",
        )
    except ProviderUnavailable as failure:
        return Verdict(ok=False, message=f"{source.name}: {failure}.", cure=failure.cure)


def _together(verdicts: list[Verdict]) -> Verdict:
    """One failure is the answer, for it is what somebody has to mend."""
    failed = next((each for each in verdicts if not each.ok), None)
    return failed or Verdict(ok=True, message=" ".join(each.message for each in verdicts))


def _named(values: Mapping[str, Any], folder: Path) -> list[str]:
    """The names and files on the page; a file's place is told from where settings made on the web start."""
    told = values.get("definitions") or []
    if isinstance(told, str):
        told = told.replace("\n", ",").split(",")
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise Invalid("definitions", "should be names or files")
    names = [one.strip() for one in told if one.strip()]
    if len(names) > loading.MOST or any("\0" in one or len(one) > _LONGEST for one in names):
        raise Invalid("definitions", "should be names or files")
    return [str(folder / one) if is_file(one) else one for one in names]
