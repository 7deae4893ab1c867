"""Tokens signed with our own Ed25519 keys: access tokens, and addresses that work without any header."""

from __future__ import annotations

import hashlib
import hmac
import os
import time
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import jwt
import structlog
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sokoul.domain.errors import NotSignedIn, SokoulError

log = structlog.get_logger(__name__)

Kind = Literal["access", "address"]

ISSUER = "sokoul"
LONGEST_TOKEN = 4096
LEEWAY = 10
SIX_HOURS = 21_600
_REMEMBERED = 4096
_CLAIMS = ["iss", "aud", "sub", "exp", "iat"]


class KeyUnusable(SokoulError):
    """A signing key on disk cannot be used; the message names the file."""


class KeyRing:
    """Our keys by their id; the newest signs, all verify."""

    def __init__(self, keys: Mapping[str, Ed25519PrivateKey]) -> None:
        """`keys` are ordered: the last one signs."""
        self._private = dict(keys)
        self._public: dict[str, Ed25519PublicKey] = {kid: key.public_key() for kid, key in keys.items()}
        self._newest = next(reversed(self._private))
        self._verified: OrderedDict[str, Mapping[str, Any]] = OrderedDict()

    @classmethod
    def generate(cls) -> KeyRing:
        """One fresh key, kept nowhere."""
        return cls({_new_id(): Ed25519PrivateKey.generate()})

    @classmethod
    def load(cls, folder: Path) -> KeyRing:
        """The keys in `folder`, making the first one; raises `KeyUnusable` on a file that is no key."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files = sorted(folder.glob("*.pem"))
        if not files:
            files = [_write(folder, Ed25519PrivateKey.generate())]
        return cls({path.stem: _read(path) for path in files})

    def issue(self, kind: Kind, subject: str, *, seconds: float, **claims: str) -> str:
        """A signed token for `subject`, good for `seconds`."""
        now = int(time.time())
        payload = {
            **claims,
            "iss": ISSUER,
            "aud": f"sokoul-{kind}",
            "sub": subject,
            "iat": now,
            "exp": now + int(seconds),
        }
        headers = {"kid": self._newest, "typ": f"{kind}+jwt"}
        return jwt.encode(payload, self._private[self._newest], algorithm="EdDSA", headers=headers)

    def read(self, kind: Kind, token: str) -> Mapping[str, Any]:
        """The claims of a valid token; raises `NotSignedIn`."""
        claims = self._verified.get(token)
        if claims is None:
            claims = self._verify(kind, token)
            self._verified[token] = claims
            if len(self._verified) > _REMEMBERED:
                self._verified.popitem(last=False)
        if claims["aud"] != f"sokoul-{kind}" or claims["exp"] < time.time() - LEEWAY:
            raise NotSignedIn("The token is not valid any more")
        return claims

    def expired_session(self, token: str) -> uuid.UUID:
        """The session of an access token of ours that may have run out; it permits nothing."""
        try:
            return uuid.UUID(str(self._verify("access", token, expired=True).get("sid")))
        except ValueError as err:
            raise NotSignedIn("The token is not valid") from err

    def secret(self, purpose: str) -> bytes:
        """32 bytes that only this installation knows, different for each purpose."""
        raw = self._private[self._newest].private_bytes_raw()
        return hmac.new(raw, f"sokoul {purpose}".encode(), hashlib.sha256).digest()

    def _verify(self, kind: Kind, token: str, *, expired: bool = False) -> Mapping[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise NotSignedIn("The token is not valid")
        try:
            header = jwt.get_unverified_header(token)
            # The header chooses among our own keys and decides nothing else.
            key = self._public.get(str(header.get("kid")))
            if key is None or header.get("typ") != f"{kind}+jwt" or "crit" in header:
                raise NotSignedIn("The token is not valid")
            return dict(
                jwt.decode(
                    token,
                    key,
                    algorithms=["EdDSA"],
                    audience=f"sokoul-{kind}",
                    issuer=ISSUER,
                    leeway=LEEWAY,
                    options={"require": _CLAIMS, "verify_exp": not expired},
                )
            )
        except (jwt.PyJWTError, ValueError, TypeError) as err:
            raise NotSignedIn("The token is not valid") from err


class Signer:
    """Addresses that carry their own permission, for players that send no header."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def sign(self, subject: str, *, user_id: uuid.UUID, seconds: float = SIX_HOURS) -> str:
        """A token for one address path, or for all below it when `subject` ends with a slash."""
        return self._keys.issue("address", subject, seconds=seconds, uid=str(user_id))

    def address(self, path: str, *, user_id: uuid.UUID, seconds: float = SIX_HOURS) -> str:
        """`path` with its token, to be given out as `stream_url`."""
        return f"{quote(path)}?token={self.sign(path, user_id=user_id, seconds=seconds)}"

    def verify(self, token: str, subject: str) -> uuid.UUID:
        """The user for whom exactly this address was signed; raises `NotSignedIn`."""
        claims = self._keys.read("address", token)
        signed = str(claims["sub"])
        if signed != subject and not (signed.endswith("/") and subject.startswith(signed)):
            raise NotSignedIn("The token was made for another address")
        try:
            return uuid.UUID(str(claims.get("uid")))
        except ValueError as err:
            raise NotSignedIn("The token is not valid") from err


def _new_id() -> str:
    # Sorts by age, so that the newest is the last.
    return f"{time.time_ns():x}-{uuid.uuid4().hex[:8]}"


def _write(folder: Path, key: Ed25519PrivateKey) -> Path:
    path = folder / f"{_new_id()}.pem"
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    return path


def _read(path: Path) -> Ed25519PrivateKey:
    if path.stat().st_mode & 0o077:
        log.warning("a signing key was readable by others; closed", path=str(path))
        path.chmod(0o600)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, OSError) as err:
        raise KeyUnusable(f"{path}: not a private key; remove it to have a new one made") from err
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path}: not an Ed25519 key")
    return key
