"""Secrets of users sealed for the database, with a key that lies in a file of the state folder."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sokoul.domain.errors import Unavailable

_NONCE: Final = 12
_SIZE: Final = 32


class KeyFile:
    """AES-256-GCM; what is sealed opens only where it was put (`about`), and only with this file."""

    def __init__(self, cipher: AESGCM) -> None:
        self._cipher = cipher

    @classmethod
    def load(cls, path: Path) -> KeyFile:
        """The key in the file, made where there is none; Unavailable for one that is no key. Blocks."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            _make(path)
        except FileExistsError:
            pass
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
                os.fchmod(descriptor, 0o600)
            told = file.read(200)
        try:
            key = base64.urlsafe_b64decode(told.strip())
        except binascii.Error:
            key = b""
        if len(key) != _SIZE:
            raise Unavailable(f"{path} is no key; put the right file there, or delete it and enter keys anew")
        return cls(AESGCM(key))

    def close(self, secret: str, about: str) -> bytes:
        """Sealed for one place."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), about.encode())

    def open(self, sealed: bytes, about: str) -> str:
        """The secret again; raises Unavailable."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError) as err:
            raise Unavailable(
                "a stored secret was sealed with another key file; enter it again, or bring that file back"
            ) from err


def _make(path: Path) -> None:
    """Whole or not at all, and never over another one."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(_SIZE)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
