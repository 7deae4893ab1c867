"""Secrets at rest: sealed with a key that lies in the state folder and never in the database."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sokoul.domain.errors import SokoulError

FILE: Final = "secrets.key"
_MARK: Final = "sealed1"
_NONCE: Final = 12
_SIZE: Final = 32


class NotReadable(SokoulError):
    """What was sealed cannot be opened with the key that is here."""


class Vault:
    """Seals and opens short texts (AES-256-GCM).

    `context` says what the secret is for; a sealed text that is moved to another place does not open there.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self.key_id = hashlib.sha256(b"key id" + key).hexdigest()[:12]

    @classmethod
    def load(cls, state_dir: Path) -> Vault:
        """With the key of this state folder, made there (0600) the first time. Blocks; raises NotReadable."""
        file = state_dir / FILE
        try:
            made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(_read(file))
        except OSError as error:
            raise NotReadable(f"The key file {file} cannot be made: {error.strerror}") from None
        with os.fdopen(made, "wb") as opened:
            opened.write(base64.b64encode(os.urandom(_SIZE)) + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        return cls(_read(file))

    def seal(self, text: str, context: str) -> str:
        """A text that only this key and this context open."""
        nonce = os.urandom(_NONCE)
        closed = self._cipher.encrypt(nonce, text.encode(errors="surrogatepass"), context.encode())
        return f"{_MARK}.{self.key_id}.{base64.urlsafe_b64encode(nonce + closed).decode()}"

    def open(self, sealed: str, context: str) -> str:
        """The text; raises NotReadable."""
        mark, _, rest = sealed.partition(".")
        key_id, _, body = rest.partition(".")
        if mark != _MARK:
            raise NotReadable("This is no sealed secret")
        if key_id != self.key_id:
            raise NotReadable(
                f"It was sealed with another key than this machine's {FILE}; "
                "copy that file from the state folder of the machine where it was entered, or enter it again"
            )
        try:
            raw = base64.b64decode(body, altchars=b"-_", validate=True)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], context.encode()).decode(
                errors="surrogatepass"
            )
        except (ValueError, InvalidTag):
            raise NotReadable("It was changed since it was sealed; enter it again") from None


class ClosedVault:
    """Stands for a vault whose key cannot be read: opens and seals nothing, and says why."""

    def __init__(self, why: str) -> None:
        self._why = why

    def seal(self, text: str, context: str) -> str:
        """Raises NotReadable."""
        del text, context
        raise NotReadable(self._why)

    def open(self, sealed: str, context: str) -> str:
        """Raises NotReadable."""
        del sealed, context
        raise NotReadable(self._why)


def vault_of(state_dir: Path) -> Vault | ClosedVault:
    """The vault of a state folder, whatever is the matter with its key. Blocks."""
    try:
        return Vault.load(state_dir)
    except NotReadable as error:
        return ClosedVault(str(error))


def _read(file: Path) -> bytes:
    try:
        file.chmod(0o600)
        key = base64.b64decode(file.read_bytes().strip(), validate=True)
    except (OSError, ValueError) as error:
        raise NotReadable(f"The key file {file} cannot be read: {error}") from None
    if len(key) != _SIZE:
        raise NotReadable(f"The key file {file} is damaged; put back the one that was there")
    return key
