"""The one-time code that proves whoever sets up the first account can read this machine's files."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from sokoul.domain.errors import Forbidden, TooMany

log = structlog.get_logger(__name__)

MOST_TRIES = 5
LOCKED_FOR = 900.0  # seconds
# Without letters and digits that are read one for another.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class SetupCode:
    """Lies in a file of mode 0600 until it was used; five wrong tries close set-up for 15 minutes."""

    def __init__(self, path: Path, *, required: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self.required, self._clock = path, required, clock
        self._wrong = 0
        self._locked_until = 0.0

    def prepare(self) -> str | None:
        """The code, made if it is not there yet; None where none is asked for. It is not to be logged."""
        if not self.required:
            return None
        if (known := self._read()) is not None:
            return known
        code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_name(self._path.name + ".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(code + "\n")
        part.rename(self._path)
        return code

    def check(self, given: str | None) -> None:
        """Raises `Forbidden` for a wrong code, `TooMany` after five."""
        if not self.required:
            return
        if (left := self._locked_until - self._clock()) > 0:
            raise TooMany("Too many wrong codes; try again later", retry_after=left)
        if secrets.compare_digest(_plain(given or "").encode(), _plain(self.prepare() or "").encode()):
            return
        self._wrong += 1
        if self._wrong >= MOST_TRIES:
            self._wrong, self._locked_until = 0, self._clock() + LOCKED_FOR
            log.warning("five wrong set-up codes, set-up is closed for a while", minutes=LOCKED_FOR / 60)
        raise Forbidden("The set-up code is wrong. It lies in the file setup-code of the state folder")

    def used(self) -> None:
        """Set-up is done; the code is worth nothing any more."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> str | None:
        try:
            self._path.chmod(0o600)
            return self._path.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()
