"""Set-up, signing in and out, one's own sessions and API keys."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from aiohttp import web
from pydantic import AfterValidator, BaseModel, Field

from sokoul.domain.errors import Forbidden, Gone, NotSignedIn
from sokoul.domain.users import User, UserRole
from sokoul.features.accounts.ports import ApiKeyRow
from sokoul.features.accounts.sessions import REFRESH_SECONDS, SignedIn
from sokoul.web.auth import CLIENT_IP, IDENTITY, caller, user
from sokoul.web.body import Body, parse, path_id
from sokoul.web.csrf import ACCESS_COOKIE, CSRF, REFRESH_COOKIE
from sokoul.web.front import FRONT
from sokoul.web.keys import ACCOUNTS, LIMITS
from sokoul.web.lists import created, json_answer, listing_of, nothing

Name = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(str.strip)]
Email = Annotated[str, Field(min_length=3, max_length=254), AfterValidator(str.strip)]
Password = Annotated[str, Field(min_length=8, max_length=72, json_schema_extra={"format": "password"})]
REFRESH_PATH = "/api/v1/auth"


class SetupBody(Body):
    """The first account; `code` from state_dir/setup-code where it is asked for."""

    code: Annotated[str, Field(max_length=64)] | None = None
    username: Name
    email: Email
    password: Password


class RegisterBody(Body):
    """A new account of one's own."""

    username: Name
    email: Email
    password: Password


class LoginBody(Body):
    """Name and password."""

    username: Annotated[str, Field(min_length=1, max_length=254)]
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class RefreshBody(Body):
    """The refresh token; absent where the cookie carries it."""

    refresh_token: Annotated[str, Field(max_length=512)] | None = None


class ApiKeyBody(Body):
    """What the key is for, and for how many days."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class SetupAnswer(BaseModel):
    """Whether the first account is still to be made."""

    needed: bool
    code_required: bool


class UserAnswer(BaseModel):
    """A user as everybody may see themselves."""

    id: uuid.UUID
    username: str
    email: str
    role: UserRole


class MadeAnswer(BaseModel):
    """A new account."""

    user: UserAnswer


class SignedInAnswer(BaseModel):
    """Tokens; `expires_in` in seconds."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    user: UserAnswer
    csrf_token: str


class SessionAnswer(BaseModel):
    """A signed-in device."""

    id: uuid.UUID
    user_agent: str
    ip: str | None
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    current: bool


class ApiKeyAnswer(BaseModel):
    """An API key without the key."""

    id: uuid.UUID
    name: str
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class NewApiKeyAnswer(ApiKeyAnswer):
    """With the key, this once."""

    key: str


async def setup_state(request: web.Request) -> web.Response:
    """Whether the first account is still to be made."""
    accounts = request.app[ACCOUNTS]
    needed = await accounts.setup_needed()
    return json_answer({"needed": needed, "code_required": needed and accounts.code_required})


async def setup(request: web.Request) -> web.Response:
    """Make the first account, an admin."""
    accounts = request.app[ACCOUNTS]
    if not await accounts.setup_needed():
        raise Gone("Sokoul is already set up; sign in")
    given = await parse(request, SetupBody)
    made = await accounts.setup(
        given.username, given.email, given.password, code=given.code, caller=caller(request)
    )
    return created({"user": made})


async def register(request: web.Request) -> web.Response:
    """Make an account of one's own, where registration is open."""
    accounts = request.app[ACCOUNTS]
    if not accounts.registration_open:
        raise Forbidden("Registration is closed; ask an admin for an account")
    given = await parse(request, RegisterBody)
    await request.app[LIMITS].login(ip=request[CLIENT_IP], username="")
    made = await accounts.register(given.username, given.email, given.password, caller(request))
    return created({"user": made})


async def login(request: web.Request) -> web.Response:
    """Open a session; sets the cookies that pages use."""
    given = await parse(request, LoginBody)
    limits = request.app[LIMITS]
    await limits.login(ip=request[CLIENT_IP], username=given.username)
    try:
        signed_in = await request.app[ACCOUNTS].login(given.username, given.password, caller(request))
    except NotSignedIn:
        await limits.login_failed(username=given.username)
        raise
    return _welcome(request, signed_in)


async def refresh(request: web.Request) -> web.Response:
    """Trade the refresh token, from body or cookie, for new tokens."""
    given = await parse(request, RefreshBody) if request.can_read_body else RefreshBody()
    token = given.refresh_token
    if token is None:
        token = request.cookies.get(REFRESH_COOKIE)
        if not token:
            raise NotSignedIn("Sign in first")
        request.app[CSRF].check(request, request.app[ACCOUNTS].session_of(token))
    return _welcome(request, await request.app[ACCOUNTS].refresh(token))


async def logout(request: web.Request) -> web.Response:
    """End this session, here and everywhere."""
    session_id = request[IDENTITY].session_id
    if session_id is not None:
        await request.app[ACCOUNTS].logout(session_id, user_id=user(request).id)
    response = nothing()
    response.del_cookie(ACCESS_COOKIE, path="/")
    response.del_cookie(REFRESH_COOKIE, path=REFRESH_PATH)
    return response


async def me(request: web.Request) -> web.Response:
    """Whoever asks."""
    return json_answer(user(request))


async def sessions(request: web.Request) -> web.Response:
    """One's signed-in devices."""
    current = request[IDENTITY].session_id
    rows = await request.app[ACCOUNTS].sessions(user(request).id)
    items = [
        SessionAnswer(
            id=row.id,
            user_agent=row.user_agent,
            ip=row.ip,
            created_at=row.created_at,
            used_at=row.used_at,
            expires_at=row.expires_at,
            current=row.id == current,
        )
        for row in rows
    ]
    return listing_of(request, items)


async def end_session(request: web.Request) -> web.Response:
    """Sign one device out."""
    await request.app[ACCOUNTS].end_session(path_id(request), user_id=user(request).id)
    return nothing()


async def api_keys(request: web.Request) -> web.Response:
    """One's API keys, without the keys."""
    rows = await request.app[ACCOUNTS].api_keys(user(request).id)
    return listing_of(request, rows)


async def make_api_key(request: web.Request) -> web.Response:
    """Make an API key; it is shown this once."""
    given = await parse(request, ApiKeyBody)
    days = given.expires_in_days
    until = datetime.now(UTC) + timedelta(days=days) if days else None
    key, row = await request.app[ACCOUNTS].make_api_key(user(request).id, given.name, until, caller(request))
    return created({**_key_fields(row), "key": key})


async def drop_api_key(request: web.Request) -> web.Response:
    """Make an API key worthless."""
    await request.app[ACCOUNTS].drop_api_key(
        path_id(request), user_id=user(request).id, caller=caller(request)
    )
    return nothing()


def _welcome(request: web.Request, signed_in: SignedIn) -> web.Response:
    answer = {
        "access_token": signed_in.access_token,
        "refresh_token": signed_in.refresh_token,
        "token_type": signed_in.token_type,
        "expires_in": signed_in.expires_in,
        "user": _user_fields(signed_in.user),
        "csrf_token": request.app[CSRF].token(signed_in.session_id),
    }
    response = json_answer(answer)
    secure = request.app[FRONT].secure(request)
    # The access cookie outlives its token: a page opened later still knows whose session to renew.
    for name, value, path in (
        (ACCESS_COOKIE, signed_in.access_token, "/"),
        (REFRESH_COOKIE, signed_in.refresh_token, REFRESH_PATH),
    ):
        response.set_cookie(
            name, value, path=path, max_age=REFRESH_SECONDS, httponly=True, secure=secure, samesite="Lax"
        )
    return response


def _user_fields(who: User) -> dict[str, Any]:
    return {"id": who.id, "username": who.username, "email": who.email, "role": who.role}


def _key_fields(row: ApiKeyRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "prefix": row.prefix,
        "created_at": row.created_at,
        "last_used_at": row.last_used_at,
        "expires_at": row.expires_at,
    }
