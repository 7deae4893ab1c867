"""Signed-in devices: access tokens for an hour, refresh tokens that are used once."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from sokoul.domain.errors import NotFound, NotSignedIn, Unavailable
from sokoul.domain.users import User
from sokoul.features.accounts.ports import Alarm, Caller, SessionRow, SessionStore, Tokens
from sokoul.features.accounts.recent import Recent

log = structlog.get_logger(__name__)

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 7 * 86_400
GRACE_SECONDS = 10.0  # in which the token before is answered with the same successor: a lost reply, two tabs
CHECKED_EVERY = 10.0
# A session that could not be checked is believed a little longer, yet a revoked one never lives for a minute.
BELIEVED_FOR = 40.0
_SECRET = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a client gets; `expires_in` in seconds."""

    access_token: str
    refresh_token: str
    user: User
    session_id: uuid.UUID
    expires_in: int = ACCESS_SECONDS
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name


class Sessions:
    """Opens, renews, checks and ends them."""

    def __init__(self, store: SessionStore, tokens: Tokens, alarm: Alarm | None = None) -> None:
        self._store, self._tokens, self._alarm = store, tokens, alarm
        self._recent: Recent[uuid.UUID, User | None] = Recent(
            seconds=CHECKED_EVERY, stale=BELIEVED_FOR, most=10_000
        )

    async def open(self, user: User, caller: Caller) -> SignedIn:
        """A new session, with an id that nobody could know before."""
        session_id, secret = uuid.uuid4(), secrets.token_bytes(_SECRET)
        await self._store.open(session_id, user.id, _hash(secret), seconds=REFRESH_SECONDS, caller=caller)
        return self._signed_in(user, session_id, secret)

    async def renew(self, refresh_token: str) -> SignedIn:
        """Trade a refresh token for its successor; an old one ends the whole family. Raises `NotSignedIn`."""
        session_id, presented = _open_token(refresh_token)
        successor = secrets.token_bytes(_SECRET)
        rotation = await self._store.rotate(
            session_id,
            _hash(presented),
            _hash(successor),
            _seal(successor, presented),
            grace=GRACE_SECONDS,
            seconds=REFRESH_SECONDS,
        )
        if rotation.outcome == "repeated" and rotation.sealed_successor is not None:
            successor = _unseal(rotation.sealed_successor, presented)
        elif rotation.outcome != "rotated":
            await self._refused(session_id, rotation.outcome == "revoked")
        assert rotation.user is not None
        return self._signed_in(rotation.user, session_id, successor)

    def claimed_by(self, refresh_token: str) -> uuid.UUID:
        """The session named in a refresh token, proven by nothing yet; raises `NotSignedIn`."""
        return _open_token(refresh_token)[0]

    async def check(self, access_token: str) -> tuple[User, uuid.UUID]:
        """The user and session of a valid access token; raises `NotSignedIn`."""
        claims = self._tokens.read("access", access_token)
        try:
            session_id = uuid.UUID(str(claims.get("sid")))
        except ValueError as err:
            raise NotSignedIn("The token is not valid") from err
        user = await self.user(session_id)
        if user is None or str(user.id) != claims["sub"]:
            raise NotSignedIn("The session has ended; sign in again")
        return user, session_id

    async def user(self, session_id: uuid.UUID) -> User | None:
        """Whose live session it is; at most ten seconds old, a little more while the database is away."""
        if (known := self._recent.get(session_id)) is not None:
            return known[0]
        try:
            user = await self._store.user(session_id)
        except Unavailable:
            if (known := self._recent.get(session_id, stale=True)) is not None:
                return known[0]
            raise
        self._recent.put(session_id, user)
        return user

    async def listed(self, user_id: uuid.UUID) -> Sequence[SessionRow]:
        """The user's live sessions, the newest first."""
        return await self._store.sessions(user_id)

    async def end(self, session_id: uuid.UUID, *, user_id: uuid.UUID) -> None:
        """Sign one device out; raises `NotFound` where it is not the user's."""
        found = await self._store.revoke(session_id, user_id=user_id)
        self._recent.drop(session_id)
        if not found:
            raise NotFound("There is no such session")

    async def end_all(self, user_id: uuid.UUID) -> None:
        """Sign every device of a user out."""
        await self._store.revoke_all(user_id)
        self._recent.clear()

    def forget(self) -> None:
        """Something about users has changed: ask the database again."""
        self._recent.clear()

    async def _refused(self, session_id: uuid.UUID, reused: bool) -> None:  # noqa: FBT001 - inside
        self._recent.drop(session_id)
        if reused:
            log.warning("a refresh token was used twice, the session is revoked", session=str(session_id))
            if self._alarm is not None:
                text = "A sign-in token was used twice; that session was ended"
                await self._alarm.tell("alerts", "alert", {"code": "refresh_reuse", "message": text})
        raise NotSignedIn("The session has ended; sign in again")

    def _signed_in(self, user: User, session_id: uuid.UUID, secret: bytes) -> SignedIn:
        access = self._tokens.issue("access", str(user.id), seconds=ACCESS_SECONDS, sid=str(session_id))
        return SignedIn(access, _make_token(session_id, secret), user, session_id)


def _make_token(session_id: uuid.UUID, secret: bytes) -> str:
    return base64.urlsafe_b64encode(session_id.bytes + secret).decode()


def _open_token(token: str) -> tuple[uuid.UUID, bytes]:
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError as err:
        raise NotSignedIn("The refresh token is not valid") from err
    if len(raw) != 16 + _SECRET:
        raise NotSignedIn("The refresh token is not valid")
    return uuid.UUID(bytes=raw[:16]), raw[16:]


def _hash(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


def _pad(secret: bytes) -> bytes:
    return hashlib.sha256(b"sokoul successor" + secret).digest()


def _seal(successor: bytes, predecessor: bytes) -> str:
    # Only who holds the token before can read it; each pad is used once, as each token is random.
    return bytes(a ^ b for a, b in zip(successor, _pad(predecessor), strict=True)).hex()


def _unseal(sealed: str, predecessor: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(bytes.fromhex(sealed), _pad(predecessor), strict=True))
