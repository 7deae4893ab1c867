"""What page extraction needs from elsewhere: a browser, and somebody who passes a browser check."""

from __future__ import annotations

from typing import Protocol

from sokoul.domain.pages import Visit, Visited


class Browser(Protocol):
    """Opens pages."""

    async def visit(self, visit: Visit) -> Visited:
        """Raises `BrowserMissing` where there is none and `PageFailed` where the page is at fault."""
        ...


class Solver(Protocol):
    """Gets a page that first wants to see a browser (FlareSolverr)."""

    async def get(self, url: str, *, timeout: float) -> str:
        """The page's HTML. Raises `ProviderUnavailable`."""
        ...
