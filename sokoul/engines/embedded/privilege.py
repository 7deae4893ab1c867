"""As whom a private server runs, and how it hears that the daemon is gone.

PostgreSQL refuses to run as root. A user namespace that maps one uid solves that without touching the
rights of any parent folder: inside, the server is nobody and holds no capability; for files it is still
root's own. Where namespaces are forbidden (some containers) the server runs as `nobody`, who is given
the data folder, and CAP_DAC_OVERRIDE only where a parent folder is closed to it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from sokoul.domain.errors import Unavailable

How = Literal["plain", "namespace", "nobody"]


@dataclass(frozen=True, slots=True)
class Privilege:
    """How a server is started, and the uid that owns its files."""

    how: How
    uid: int
    gid: int

    def command(self, program: Path, *arguments: str, reads: Path, end: str = "TERM") -> list[str]:
        """The command line; the program gets the signal `end` when the daemon dies."""
        setpriv = shutil.which("setpriv")
        follow = [setpriv, "--pdeathsig", end] if setpriv else []
        if self.how == "namespace":
            user = _nobody()
            unshare = shutil.which("unshare") or "unshare"
            mapping = [f"--map-user={user.pw_uid}", f"--map-group={user.pw_gid}"]
            follow = [unshare, "--user", *mapping, "--", *follow]
        elif self.how == "nobody":
            if setpriv is None:
                raise Unavailable("setpriv (Debian package util-linux) is missing")
            follow += [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
            if not (_open_to_all(reads) and _open_to_all(program)):
                follow += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
            if not _open_to_all(program):
                # initdb looks for postgres with access(), which forgets capabilities without this.
                follow += ["--securebits=+no_setuid_fixup"]
        return [*follow, *(["--"] if follow and self.how != "namespace" else []), str(program), *arguments]

    def own(self, path: Path) -> None:
        """Give a file, or a folder and all in it, to the server's user where another owns it."""
        if os.geteuid() != 0 or path.lstat().st_uid == self.uid:
            return
        for here, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(Path(here, name), self.uid, self.gid, follow_symlinks=False)
        os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose() -> Privilege:
    """The best way on this machine for this user."""
    if os.geteuid() != 0:
        return Privilege("plain", os.geteuid(), os.getegid())
    return namespaced() if namespaces_work() else unprivileged()


def namespaced() -> Privilege:
    """In a user namespace; files stay root's."""
    return Privilege("namespace", os.geteuid(), os.getegid())


def unprivileged() -> Privilege:
    """As nobody; files become nobody's."""
    user = _nobody()
    return Privilege("nobody", user.pw_uid, user.pw_gid)


@cache
def namespaces_work() -> bool:
    """Whether root may make a user namespace here; in a chroot and in many containers it may not."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    user = _nobody()
    tried = subprocess.run(  # noqa: S603  a fixed command
        [unshare, "--user", f"--map-user={user.pw_uid}", f"--map-group={user.pw_gid}", "--", "true"],
        capture_output=True,
        timeout=10,
        check=False,
    )
    return tried.returncode == 0


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return next(user for user in pwd.getpwall() if user.pw_uid != 0)


def _open_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
