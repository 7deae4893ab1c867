"""Writes by cookie must come from our own pages: same Origin, and a token that only they can read."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid

from aiohttp import web

from sokoul.domain.errors import Forbidden, NotSignedIn
from sokoul.web.front import Front
from sokoul.web.signing import KeyRing

HEADER = "X-CSRF-Token"
ACCESS_COOKIE, REFRESH_COOKIE = "sokoul_access", "sokoul_refresh"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Csrf:
    """Makes and checks the token; it is bound to the session, so it needs no place to be kept."""

    def __init__(self, keys: KeyRing, front: Front) -> None:
        self._keys, self._front = keys, front
        self._secret = keys.secret("csrf")

    def token(self, session_id: uuid.UUID) -> str:
        """What the pages of this session carry in `<meta name="csrf-token">`."""
        return hmac.new(self._secret, session_id.bytes, hashlib.sha256).hexdigest()

    def token_for(self, request: web.Request) -> str:
        """The same for whoever the access cookie belongs to, even if it has run out; empty without one."""
        try:
            session_id = self._keys.expired_session(request.cookies.get(ACCESS_COOKIE, ""))
        except NotSignedIn:
            return ""
        return self.token(session_id)

    def check_origin(self, request: web.Request) -> None:
        """A page of somebody else must not even sign people in or out; raises `Forbidden`."""
        foreign = "Origin" in request.headers and not self._front.same_origin(request)
        if foreign and self._front.cors(request) is None:
            raise Forbidden("This request comes from a page that is not ours")

    def check(self, request: web.Request, session_id: uuid.UUID) -> None:
        """Raises `Forbidden` unless Origin and token are those of our own page in this session."""
        if not self._front.same_origin(request):
            raise Forbidden("A request by cookie needs our own Origin")
        given = request.headers.get(HEADER, "")
        if not secrets.compare_digest(given.encode(), self.token(session_id).encode()):
            raise Forbidden(f"A request by cookie needs the header {HEADER}")


CSRF: web.AppKey[Csrf] = web.AppKey("csrf")


def csrf_token(request: web.Request) -> str:
    """For templates: the content of `<meta name="csrf-token">`."""
    return request.app[CSRF].token_for(request)
