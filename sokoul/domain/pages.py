"""A visit to a web page: what is done there, what is listened for, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sokoul.domain.errors import ProviderUnavailable


class Act(StrEnum):
    """What can be done on a page."""

    GOTO = "goto"
    WAIT_FOR = "wait_for"
    CLICK = "click"
    FILL = "fill"
    SCROLL = "scroll"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done on a page.

    `target` is an address (goto), a CSS selector, or pixels (scroll); `frames` lead from the page to the
    frame it is in; `within` is in seconds and, for a pause, how long it takes. An `optional` one may fail.
    """

    act: Act
    target: str = ""
    text: str = ""
    frames: tuple[str, ...] = ()
    within: float = 5.0
    optional: bool = False

    def __str__(self) -> str:
        where = f" in {' > '.join(self.frames)}" if self.frames else ""
        return f"{self.act} {self.target or f'{self.within:g} s'}{where}"


@dataclass(frozen=True, slots=True)
class Visit:
    """One page to open, and the requests it is opened for.

    `hosts` are the names (`*.` for all below one) that the page itself may be at; `capture` and `block` are
    address patterns with `*`; a `block` without `/` or `*` is a host and all below it. The visit ends once
    `most` requests were captured; without `capture` it ends after the steps, and `html` is what the page
    has become.
    """

    source: str
    url: str
    hosts: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    capture: tuple[str, ...] = ()
    headers: tuple[str, ...] = ("referer", "origin", "user-agent")
    block: tuple[str, ...] = ()
    most: int = 1
    seconds: float = 20.0
    referer: str | None = None


@dataclass(frozen=True, slots=True)
class Captured:
    """A request that the page made and that was listened for; `body` is the text of a playlist."""

    url: str
    headers: tuple[tuple[str, str], ...]
    content_type: str
    size: int | None = None
    body: str | None = None
    after_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened during a visit, for whoever looks into it."""

    after_seconds: float
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Visited:
    """What came of a visit: requests captured, the page as it became, what happened, who was kept away."""

    captured: tuple[Captured, ...] = ()
    html: str = ""
    url: str = ""
    events: tuple[Event, ...] = ()
    refused: tuple[tuple[str, str, int], ...] = field(default=())


class BrowserMissing(ProviderUnavailable):
    """There is no browser on this machine, or it does not start."""


class PageFailed(ProviderUnavailable):
    """The page could not be opened, or broke off; `events` tell how far it came."""

    def __init__(
        self,
        message: str,
        *,
        cure: str | None = None,
        timed_out: bool = False,
        visited: Visited | None = None,
    ) -> None:
        super().__init__(message, cure=cure, timed_out=timed_out)
        self.visited = visited or Visited()


def host_matches(host: str, patterns: tuple[str, ...]) -> bool:
    """Whether a host is one of `patterns`: equal, or below one written `*.name`."""
    host = host.lower().rstrip(".")
    for pattern in patterns:
        name = pattern.lower()
        if host == name or (name.startswith("*.") and host.endswith(name[1:])):
            return True
    return False
