"""Who asks: what the guard found out, for handlers to read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from aiohttp import web

from sokoul.domain.errors import NotSignedIn
from sokoul.domain.users import User, UserRole
from sokoul.features.accounts.ports import Caller
from sokoul.web.errors import REQUEST_ID

__all__ = [
    "Caller",
    "Identity",
    "User",
    "UserRole",
    "caller",
    "optional_user",
    "signed",
    "trail",
    "user",
    "user_id",
]


@dataclass(frozen=True, slots=True)
class Identity:
    """How the caller is known: as a signed-in user, by the address's own signed token, or both."""

    user: User | None = None
    token_user: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    by_cookie: bool = False


NOBODY = Identity()
IDENTITY: web.RequestKey[Identity] = web.RequestKey("identity", Identity)
CLIENT_IP: web.RequestKey[str] = web.RequestKey("client_ip", str)


def user(request: web.Request) -> User:
    """The signed-in user; raises `NotSignedIn` (on routes that signed tokens open, use `user_id`)."""
    if (found := optional_user(request)) is None:
        raise NotSignedIn("Sign in first")
    return found


def optional_user(request: web.Request) -> User | None:
    """The signed-in user, if any."""
    return _identity(request).user


def user_id(request: web.Request) -> uuid.UUID:
    """Whoever the address was signed for, else the signed-in user; raises `NotSignedIn`."""
    identity = _identity(request)
    return identity.token_user or user(request).id


def signed(request: web.Request) -> bool:
    """Whether the address carries its own valid token: then nothing else is to be asked of the caller."""
    return _identity(request).token_user is not None


def caller(request: web.Request) -> Caller:
    """On whose behalf and from where, as the audit log wants it."""
    found = optional_user(request)
    agent = request.headers.get("User-Agent", "")[:300]
    return Caller(found.id if found else None, request.get(CLIENT_IP), agent, trail(request))


def trail(request: web.Request) -> str:
    """The id that this request and all that follows from it carry in logs and rows."""
    found: str = request.get(REQUEST_ID, "")
    return found


def _identity(request: web.Request) -> Identity:
    found: Identity = request.get(IDENTITY, NOBODY)
    return found
