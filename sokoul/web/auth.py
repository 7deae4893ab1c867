"""Who asks: what the guard found out, for handlers to read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from aiohttp import web

from sokoul.domain.errors import NotSignedIn
from sokoul.domain.users import User, UserRole

__all__ = ["Identity", "User", "UserRole", "optional_user", "signed", "user", "user_id"]


@dataclass(frozen=True, slots=True)
class Identity:
    """How the caller is known: as a signed-in user, by the address's own signed token, or both."""

    user: User | None = None
    token_user: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    by_cookie: bool = False


NOBODY = Identity()
IDENTITY: web.RequestKey[Identity] = web.RequestKey("identity", Identity)


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


def _identity(request: web.Request) -> Identity:
    found: Identity = request.get(IDENTITY, NOBODY)
    return found
