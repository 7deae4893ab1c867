"""Who may come in: the first account, signing in and out, users and their roles."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime

import structlog

from sokoul.domain.errors import Forbidden, Gone, Invalid, NotFound, NotSignedIn
from sokoul.domain.users import User, UserRole
from sokoul.features.accounts.api_keys import ApiKeys
from sokoul.features.accounts.passwords import Passwords, acceptable
from sokoul.features.accounts.ports import (
    Account,
    ApiKeyRow,
    AuditRow,
    Caller,
    Change,
    SessionRow,
    UserStore,
)
from sokoul.features.accounts.sessions import Sessions, SignedIn
from sokoul.features.accounts.setup_code import SetupCode

log = structlog.get_logger(__name__)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_SYSTEM = Caller()


class AccountService:
    """The one door to accounts for pages, API, WebSocket and command line."""

    def __init__(
        self,
        users: UserStore,
        sessions: Sessions,
        api_keys: ApiKeys,
        passwords: Passwords,
        code: SetupCode,
        *,
        registration_open: bool = False,
    ) -> None:
        self._users, self._sessions, self._api_keys = users, sessions, api_keys
        self._passwords, self._code = passwords, code
        self.registration_open = registration_open
        self._set_up = False

    # The first account

    async def setup_needed(self) -> bool:
        """Whether no account exists yet."""
        if not self._set_up:
            self._set_up = await self._users.any_account()
        return not self._set_up

    @property
    def code_required(self) -> bool:
        """Whether set-up asks for the code in `state_dir/setup-code`."""
        return self._code.required

    async def prepare_setup(self) -> str | None:
        """At start: the code to show on a terminal, or None where none is needed."""
        if await self.setup_needed():
            return self._code.prepare()
        self._code.used()
        return None

    async def setup(
        self, username: str, email: str, password: str, *, code: str | None, caller: Caller
    ) -> User:
        """Make the first account, an admin; raises `Gone` once there is one, `Forbidden` on a wrong code."""
        if not await self.setup_needed():
            raise Gone("Sokoul is already set up; sign in")
        self._code.check(code)
        _check_names(username, email)
        hashed = await self._passwords.hash(password)
        account = await self._users.add_first(username, email, hashed, caller)
        self._set_up = True
        if account is None:
            raise Gone("Sokoul is already set up; sign in")
        self._code.used()
        log.info("the first account was made", user=str(account.id))
        return account.user

    # Coming in and going out

    async def register(self, username: str, email: str, password: str, caller: Caller) -> User:
        """A person makes their own account; raises `Forbidden` while registration is closed."""
        if not self.registration_open or await self.setup_needed():
            raise Forbidden("Registration is closed; ask an admin for an account")
        return (await self._add(username, email, UserRole.USER, password, caller)).user

    async def login(self, username: str, password: str, caller: Caller) -> SignedIn:
        """Open a session; raises `NotSignedIn` alike for an unknown name and a wrong password."""
        found = await self._users.credentials(username) if _presentable(username) else None
        same = await self._passwords.matches(password, found[1] if found else None)
        if not same or found is None or found[0].disabled:
            log.info("sign-in refused", ip=caller.ip)
            raise NotSignedIn("The user name or the password is wrong")
        return await self._sessions.open(found[0].user, caller)

    async def refresh(self, refresh_token: str) -> SignedIn:
        """Trade a refresh token for the next; raises `NotSignedIn`."""
        return await self._sessions.renew(refresh_token)

    def session_of(self, refresh_token: str) -> uuid.UUID:
        """Which session a refresh token claims to be of, unproven; raises `NotSignedIn` for none at all."""
        return self._sessions.claimed_by(refresh_token)

    async def logout(self, session_id: uuid.UUID, *, user_id: uuid.UUID) -> None:
        """End this session; its access token is dead at once here and within ten seconds elsewhere."""
        await self._sessions.end(session_id, user_id=user_id)

    async def authenticate(self, access_token: str) -> tuple[User, uuid.UUID]:
        """The user and session of an access token; raises `NotSignedIn`."""
        return await self._sessions.check(access_token)

    async def authenticate_key(self, api_key: str) -> User:
        """The user of an API key; raises `NotSignedIn`."""
        return await self._api_keys.check(api_key)

    async def session_user(self, session_id: uuid.UUID) -> User | None:
        """The user of a session that lives still, for connections that stay open."""
        return await self._sessions.user(session_id)

    # One's own things

    async def sessions(self, user_id: uuid.UUID) -> Sequence[SessionRow]:
        return await self._sessions.listed(user_id)

    async def end_session(self, session_id: uuid.UUID, *, user_id: uuid.UUID) -> None:
        await self._sessions.end(session_id, user_id=user_id)

    async def make_api_key(
        self, user_id: uuid.UUID, name: str, expires_at: datetime | None, caller: Caller
    ) -> tuple[str, ApiKeyRow]:
        """The key, shown this once, and what stays of it."""
        return await self._api_keys.make(user_id, name, expires_at, caller)

    async def api_keys(self, user_id: uuid.UUID) -> Sequence[ApiKeyRow]:
        return await self._api_keys.listed(user_id)

    async def drop_api_key(self, key_id: uuid.UUID, *, user_id: uuid.UUID, caller: Caller) -> None:
        await self._api_keys.drop(key_id, user_id=user_id, caller=caller)

    # What admins do, and the command line

    async def add(
        self, username: str, email: str, role: UserRole, password: str, caller: Caller = _SYSTEM
    ) -> Account:
        """Make an account; raises `Invalid`, or `WrongState` where name or address is taken."""
        return await self._add(username, email, role, password, caller)

    async def set_password(self, username: str, password: str, caller: Caller = _SYSTEM) -> None:
        """Change a password and sign every device out; raises `NotFound`, `Invalid`."""
        found = await self._users.credentials(username)
        if found is None:
            raise NotFound(f"There is no user {username!r}")
        await self.set_password_of(found[0].id, password, caller)

    async def set_password_of(self, user_id: uuid.UUID, password: str, caller: Caller) -> None:
        """The same by id."""
        hashed = await self._passwords.hash(password)
        await self._users.set_password(user_id, hashed, caller)
        await self._sessions.end_all(user_id)

    async def accounts(self, *, limit: int, offset: int) -> tuple[Sequence[Account], int]:
        return await self._users.accounts(limit=limit, offset=offset)

    async def account(self, user_id: uuid.UUID) -> Account:
        """Raises `NotFound`."""
        if (account := await self._users.account(user_id)) is None:
            raise NotFound("There is no such user")
        return account

    async def set_role(self, user_id: uuid.UUID, role: UserRole, caller: Caller) -> Account:
        """Raises `NotFound`; `WrongState` for the last admin. The user signs in again."""
        account = await self._users.set_role(user_id, role, caller)
        await self._changed(user_id)
        return account

    async def set_disabled(self, user_id: uuid.UUID, caller: Caller, *, disabled: bool) -> Account:
        """Raises `NotFound`; `WrongState` for the last admin."""
        account = await self._users.set_disabled(user_id, disabled, caller)
        await self._changed(user_id)
        return account

    async def audit(self, change: Change, caller: Caller) -> None:
        """Write down a change that somebody made elsewhere in Sokoul."""
        await self._users.audit(change, caller)

    async def audit_rows(self, *, limit: int, offset: int) -> tuple[Sequence[AuditRow], int]:
        """The newest first, and how many there are."""
        return await self._users.audit_rows(limit=limit, offset=offset)

    def close(self) -> None:
        """End the threads that hash."""
        self._passwords.close()

    async def _add(self, username: str, email: str, role: UserRole, password: str, caller: Caller) -> Account:
        _check_names(username, email)
        acceptable(password)
        account = await self._users.add(username, email, role, await self._passwords.hash(password), caller)
        self._set_up = True
        return account

    async def _changed(self, user_id: uuid.UUID) -> None:
        await self._sessions.end_all(user_id)
        self._api_keys.forget()


def _presentable(text: str) -> bool:
    return text.isprintable() and 1 <= len(text) <= 64


def _check_names(username: str, email: str) -> None:
    if not _presentable(username) or username != username.strip():
        raise Invalid("username", "should have 1 to 64 characters, no blanks around it")
    if not (3 <= len(email) <= 254 and email.isprintable() and _EMAIL.fullmatch(email)):
        raise Invalid("email", "should be an e-mail address")
