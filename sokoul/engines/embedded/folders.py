"""Folders and files that only this daemon may see."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from sokoul.domain.errors import Unavailable

LONGEST_SOCKET = 107  # bytes of sun_path less its final zero
_PLAIN = re.compile(r"[A-Za-z0-9/._+@=~-]+")
LONGEST_NAME = len("/.s.PGSQL.5432.lock")


def private(folder: Path) -> Path:
    """Make `folder` (0700) where it is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def sockets(state_dir: Path) -> Path:
    """The folder for Unix sockets: `state_dir/run`, or a short one where that path cannot be bound."""
    near = state_dir / "run"
    if fits(near):
        return private(near)
    for far in _short(state_dir):
        if fits(far) and os.access(far.parent, os.W_OK):
            return _only_ours(far)
    raise Unavailable(f"no folder for sockets: choose a shorter, plainer state_dir than {state_dir}")


def forget_sockets(state_dir: Path) -> None:
    """Remove the short folder, if there is one and nothing uses it any more."""
    for far in _short(state_dir):
        with suppress(OSError):
            far.rmdir()


def write_secret(file: Path, text: str) -> None:
    """Write a file of mode 0600, whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    part.rename(file)


def _short(state_dir: Path) -> list[Path]:
    name = f"sokoul-{os.geteuid()}-{hashlib.sha256(os.fsencode(state_dir)).hexdigest()[:16]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR") or ("/run" if os.geteuid() == 0 else "")
    bases = [runtime, tempfile.gettempdir(), "/tmp"]  # noqa: S108  0700, owner and kind are checked
    return [Path(base, name) for base in bases if base]


def fits(folder: Path) -> bool:
    """Whether sockets can be bound in `folder`, and its name passes unharmed through every configuration."""
    return (
        len(os.fsencode(folder)) + LONGEST_NAME <= LONGEST_SOCKET
        and _PLAIN.fullmatch(str(folder)) is not None
    )


def _only_ours(folder: Path) -> Path:
    private(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), _served()):
        raise Unavailable(f"{folder} belongs to somebody else: remove it, or choose a shorter state_dir")
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def _served() -> int:
    """The other owner that root may have given the folder to."""
    from sokoul.engines.embedded.privilege import unprivileged

    return unprivileged().uid if os.geteuid() == 0 else os.geteuid()
