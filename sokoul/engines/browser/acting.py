"""The steps of a visit: what a hand would do on the page, past what lies in the way."""

from __future__ import annotations

import asyncio
from typing import Final

from playwright.async_api import Error, FrameLocator, Locator, Page
from yarl import URL

from sokoul.domain.pages import Act, PageFailed, Step, host_matches

# Runs in the page: takes away what lies over the element, as a person closes what is in front of a player.
# It climbs from the frame to the page around it; one of another origin is climbed by the caller.
_CLEAR: Final = """(wanted) => {
  let removed = 0;
  for (let turn = 0; turn < 30; turn++) {
    const box = wanted.getBoundingClientRect();
    const over = wanted.ownerDocument.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!over || over === wanted || wanted.contains(over) || over.contains(wanted)) return removed;
    let top = over;
    while (top.parentElement && !top.parentElement.contains(wanted)) top = top.parentElement;
    top.remove();
    removed++;
  }
  return removed;
}"""
_CLICK_WITHIN: Final = 1500.0


async def act(page: Page, step: Step, hosts: tuple[str, ...]) -> str:
    """Do one step; what there is to say about it. Raises Error (of Playwright) and PageFailed."""
    limit = step.within * 1000
    match step.act:
        case Act.GOTO:
            await go(page, step.target, hosts, within=step.within)
        case Act.PAUSE:
            await asyncio.sleep(step.within)
        case Act.WAIT_FOR:
            await _find(page, step).wait_for(state="attached", timeout=limit)
        case Act.FILL:
            await _find(page, step).fill(step.text, timeout=limit)
        case Act.CLICK:
            return await _click(page, step)
        case Act.SCROLL if step.target.isdecimal():
            await page.mouse.wheel(0, int(step.target))
        case Act.SCROLL:
            await _find(page, step).scroll_into_view_if_needed(timeout=limit)
    return ""


async def go(
    page: Page, url: str, hosts: tuple[str, ...], *, within: float, referer: str | None = None
) -> None:
    """Open an address of the definition's hosts."""

    there = URL(url)
    if there.scheme not in {"http", "https"} or not host_matches(there.host or "", hosts):
        raise PageFailed(f"{there.host or 'the address'} is not among the definition's hosts")
    await page.goto(url, wait_until="commit", timeout=within * 1000, referer=referer)


async def _click(page: Page, step: Step) -> str:
    """Click as a hand does; where something lies over the target, take it away and click again."""
    target, limit = _find(page, step), step.within * 1000
    await target.wait_for(state="visible", timeout=limit)
    cleared = await _clear(page, step, target)
    try:
        await target.click(timeout=min(_CLICK_WITHIN, limit))
    except Error:
        cleared += await _clear(page, step, target)
        try:
            await target.click(timeout=limit)
        except Error:
            await target.dispatch_event("click", timeout=limit)
    return f"{cleared} things that lay over it were taken away" if cleared else ""


async def _clear(page: Page, step: Step, target: Locator) -> int:
    """From the outermost frame inwards."""
    cleared, limit = 0, step.within * 1000
    around: Page | FrameLocator = page
    for selector in step.frames:
        cleared += int(await around.locator(selector).first.evaluate(_CLEAR, timeout=limit))
        around = around.frame_locator(selector).first
    return cleared + int(await target.evaluate(_CLEAR, timeout=limit))


def _find(page: Page, step: Step) -> Locator:
    around: Page | FrameLocator = page
    for selector in step.frames:
        around = around.frame_locator(selector).first
    return around.locator(step.target).first
