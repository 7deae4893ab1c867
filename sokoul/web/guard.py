"""What stands before every handler: who asks, may they, from where, and how often."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from urllib.parse import quote

from aiohttp import web

from sokoul.domain.errors import Forbidden, NotSignedIn
from sokoul.domain.users import User, UserRole
from sokoul.features.accounts.service import AccountService
from sokoul.web.access import Access, Handler, Route
from sokoul.web.auth import CLIENT_IP, IDENTITY, NOBODY, Identity
from sokoul.web.csrf import ACCESS_COOKIE, SAFE_METHODS, Csrf
from sokoul.web.front import Front, own_path
from sokoul.web.limits import Limits, headers
from sokoul.web.signing import Signer
from sokoul.web.tickets import Tickets

VERDICT: web.RequestKey[Mapping[str, str]] = web.RequestKey("rate_limit_headers")

_NEEDED = {
    Access.USER: UserRole.USER,
    Access.SIGNED: UserRole.USER,
    Access.SEALED: UserRole.USER,
    Access.MODERATOR: UserRole.MODERATOR,
    Access.ADMIN: UserRole.ADMIN,
    Access.OPERATIONS: UserRole.ADMIN,
}


class Guard:
    """Lets a request through to its handler, or raises what stops it."""

    def __init__(
        self,
        *,
        accounts: AccountService,
        front: Front,
        csrf: Csrf,
        limits: Limits,
        signer: Signer,
        tickets: Tickets,
        metrics_token: str | None,
    ) -> None:
        self._accounts, self._front, self._csrf = accounts, front, csrf
        self._limits, self._signer, self._tickets = limits, signer, tickets
        self._metrics_token = metrics_token

    async def admit(self, request: web.Request, route: Route, handler: Handler) -> web.StreamResponse:
        """The handler's answer, or the way to the sign-in page for people who look at pages."""
        request[CLIENT_IP] = ip = self._front.client(request)
        identity, refused = await self._identify(request, route)
        request[IDENTITY] = identity
        if route.page and (elsewhere := await self._first_steps(request, identity)):
            raise web.HTTPFound(elsewhere)
        await self._count(request, route, identity, ip)
        try:
            self._permit(request, route, identity, refused)
        except NotSignedIn:
            if not route.page:
                raise
            raise web.HTTPFound("/login?next=" + quote(own_path(request.path_qs), safe="/")) from None
        return await handler(request)

    async def stranger(self, request: web.Request) -> None:
        """A path that does not exist: counted all the same."""
        request[CLIENT_IP] = ip = self._front.client(request)
        await self._limits.request(ip=ip, user=None)

    async def _first_steps(self, request: web.Request, identity: Identity) -> str | None:
        """Where a page leads instead: to set-up without any account; later only admins go there."""
        at_setup = request.path == "/setup"
        if await self._accounts.setup_needed():
            return None if at_setup else "/setup"
        admin = identity.user is not None and identity.user.role.reaches(UserRole.ADMIN)
        return "/" if at_setup and not admin else None

    async def _identify(self, request: web.Request, route: Route) -> tuple[Identity, NotSignedIn | None]:
        """Who asks; what is wrong with the credentials matters only where some are needed."""
        if route.access in (Access.PUBLIC, Access.LAN) and not route.page:
            return NOBODY, None
        token_user = self._token_user(request, route.access)
        try:
            user, session_id, by_cookie = await self._credentials(request)
        except NotSignedIn as error:
            return Identity(token_user=token_user), error
        return Identity(user, token_user, session_id, by_cookie), None

    async def _credentials(self, request: web.Request) -> tuple[User | None, uuid.UUID | None, bool]:
        if (header := request.headers.get("Authorization")) is not None:
            scheme, _, token = header.partition(" ")
            if scheme.lower() != "bearer":
                raise NotSignedIn("Only Bearer is understood in Authorization")
            return (*await self._accounts.authenticate(token.strip()), False)
        if (key := request.headers.get("X-Api-Key")) is not None:
            return await self._accounts.authenticate_key(key), None, False
        if cookie := request.cookies.get(ACCESS_COOKIE):
            return (*await self._accounts.authenticate(cookie), True)
        return None, None, False

    def _token_user(self, request: web.Request, access: Access) -> uuid.UUID | None:
        token = request.query.get("token")
        if not token or access not in {Access.SIGNED, Access.SEALED}:
            return None
        try:
            if access is Access.SEALED:
                return self._tickets.open(token).user_id
            return self._signer.verify(token, request.path)
        except NotSignedIn:
            return None

    async def _count(self, request: web.Request, route: Route, identity: Identity, ip: str) -> None:
        if route.limit == "none":
            return
        # What a player fetches by its signed address comes in many small pieces.
        name = str(identity.user.id) if identity.user and identity.token_user is None else None
        verdict = await self._limits.request(ip=ip, user=name, search=route.limit == "search")
        if verdict is not None:
            request[VERDICT] = headers(verdict)

    def _permit(
        self, request: web.Request, route: Route, identity: Identity, refused: NotSignedIn | None
    ) -> None:
        unsafe = request.method not in SAFE_METHODS
        if unsafe and route.access is not Access.LAN and "Authorization" not in request.headers:
            self._csrf.check_origin(request)
        if route.access is Access.PUBLIC:
            return
        if route.access is Access.LAN:
            if not self._front.is_local(request):
                raise Forbidden("Only devices of this network may ask this")
            return
        if identity.token_user is not None:
            self._same_person(identity)
            return
        if route.access is Access.OPERATIONS and self._may_operate(request):
            return
        self._role(route, identity, refused)
        if route.access is Access.SEALED:
            raise Forbidden("Only an address that was sealed for you opens this")
        if unsafe and identity.by_cookie and identity.session_id is not None:
            self._csrf.check(request, identity.session_id)

    def _role(self, route: Route, identity: Identity, refused: NotSignedIn | None) -> None:
        if identity.user is None:
            raise refused or NotSignedIn("Sign in first")
        if not identity.user.role.reaches(_NEEDED[route.access]):
            raise Forbidden("Your role does not allow this")

    def _same_person(self, identity: Identity) -> None:
        if identity.user is not None and identity.user.id != identity.token_user:
            raise Forbidden("This address was signed for somebody else")

    def _may_operate(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip().encode()
        wanted = (self._metrics_token or "").encode()
        if wanted and secrets.compare_digest(given, wanted):
            return True
        return self._front.is_loopback(request)
