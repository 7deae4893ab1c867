"""Every address Sokoul answers, and who may call it. What is not here does not exist."""

from __future__ import annotations

from sokoul.web.access import ADMIN, LAN, MODERATOR, OPERATIONS, PUBLIC, SIGNED, USER, Route, page_route

__all__ = ["ADMIN", "LAN", "MODERATOR", "OPERATIONS", "PUBLIC", "ROUTES", "SIGNED", "USER", "page_route"]

OPERATING: tuple[Route, ...] = ()

ACCOUNTS: tuple[Route, ...] = ()

ADMINISTRATION: tuple[Route, ...] = ()

SEARCH: tuple[Route, ...] = (
    # Route("POST", "/api/v1/search", search.start, USER, body=search.SearchBody, status=202),
)

METADATA: tuple[Route, ...] = ()

DOWNLOADS: tuple[Route, ...] = ()

MEDIA: tuple[Route, ...] = ()

STREAMING: tuple[Route, ...] = (
    # Route("GET", "/api/v1/files/{id}/stream", streaming.file, SIGNED),
)

LIBRARY: tuple[Route, ...] = ()

TELEVISION: tuple[Route, ...] = ()

PAGES: tuple[Route, ...] = (
    # page_route("/", home.show), page_route("/login", login.show, PUBLIC),
)

ROUTES: tuple[Route, ...] = (
    *OPERATING,
    *ACCOUNTS,
    *ADMINISTRATION,
    *SEARCH,
    *METADATA,
    *DOWNLOADS,
    *MEDIA,
    *STREAMING,
    *LIBRARY,
    *TELEVISION,
    *PAGES,
)
