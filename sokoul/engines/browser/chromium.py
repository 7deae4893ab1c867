"""Debian's Chromium, started by Playwright and ended with everything that belongs to it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import psutil
import structlog
from playwright.async_api import Browser, BrowserContext, CDPSession, Error, Playwright, async_playwright

from sokoul.domain.pages import BrowserMissing
from sokoul.engines.browser import program
from sokoul.lifecycle import keep_descriptors

log = structlog.get_logger(__name__)

T = TypeVar("T")

_START_WITHIN: Final = 30.0
_END_WITHIN: Final = 5.0
_ARGUMENTS: Final = (
    # Names are resolved and checked at the door alone.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    # One process for a page and its frames: one session hears them all, and a small machine has room.
    "--disable-site-isolation-trials",
    "--blink-settings=imagesEnabled=false",
    "--disable-remote-fonts",
    "--disable-gpu",
    "--mute-audio",
    "--disk-cache-size=8388608",
    "--js-flags=--max-old-space-size=256",
)
# Playwright's own Node grows by 40 MB in fifty pages before it tidies up its youngest objects.
_DRIVER_OPTIONS: Final = "--max-semi-space-size=4"
# Before anything of a page runs: the ways around the door, and workers that outlive a page.
_BEFORE_PAGES: Final = """for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection',
  'RTCDataChannel', 'WebTransport', 'SharedWorker']) { try { delete globalThis[name] } catch { } }"""


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the browser."""

    pid: int
    kind: str
    resident: int


class BrowserLost(Exception):
    """The browser ended in the middle of it."""


class Chromium:
    """One running browser."""

    def __init__(
        self,
        playwright: Playwright,
        browser: Browser,
        session: CDPSession,
        pid: int,
        folders: tuple[str, ...],
    ) -> None:
        self._playwright, self._browser, self._session, self.pid = playwright, browser, session, pid
        self._folders = folders
        self._lost = asyncio.Event()
        # Playwright may wait for ever for an answer of a browser that is gone: the processes themselves tell.
        self._watched = Ending((pid, psutil.Process(pid).ppid()), self._lost.set)

    @classmethod
    async def start(cls, configured: str | None) -> Chromium:
        """Start it. Raises BrowserMissing with the cure."""
        path = program.find(configured)
        if path is None:
            raise program.missing(configured)
        keep_descriptors()
        try:
            async with asyncio.timeout(_START_WITHIN):
                return await cls._start(path)
        except (Error, OSError, TimeoutError) as error:
            why = str(error).strip().partition("\n")[0][:200] or "it took too long"
            cure = f"See that `{path} --version` works, and install libatomic1, or run scripts/setup --pages."
            raise BrowserMissing(f"Chromium does not start ({why})", cure=cure) from None

    @classmethod
    async def _start(cls, path: str) -> Chromium:
        with _lean_driver():
            playwright = await async_playwright().start()
        folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="sokoul-browser-")
        try:
            browser = await playwright.chromium.launch(
                executable_path=path,
                args=list(_ARGUMENTS),
                ignore_default_args=["--disable-popup-blocking"],
                # The sandbox needs another user than root; where the household runs as root there is none.
                chromium_sandbox=os.geteuid() != 0,
                env=_environment(),
                artifacts_dir=folder,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=_START_WITHIN * 1000,
            )
            session = await browser.new_browser_cdp_session()
            found = await session.send("SystemInfo.getProcessInfo")
        except BaseException:
            with suppress(Error, TimeoutError):
                await asyncio.wait_for(playwright.stop(), _END_WITHIN)
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            raise
        pid = next(int(each["id"]) for each in found["processInfo"] if each["type"] == "browser")
        log.info("chromium runs", pid=pid, version=browser.version)
        return cls(playwright, browser, session, pid, (folder, *_profile(pid)))

    @property
    def alive(self) -> bool:
        """Whether it can be talked to."""
        return self._browser.is_connected() and not self._lost.is_set()

    @property
    def contexts(self) -> int:
        """How many contexts it has."""
        return len(self._browser.contexts)

    async def while_alive(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` gives. Raises BrowserLost when the browser ends before that."""
        doing = asyncio.ensure_future(work)
        lost = asyncio.ensure_future(self._lost.wait())
        try:
            await asyncio.wait({doing, lost}, return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                return doing.result()
            raise BrowserLost
        except Error as error:
            if not self.alive:
                raise BrowserLost from error
            raise
        finally:
            for one in (doing, lost):
                one.cancel()
            await asyncio.wait({doing, lost})
            if doing.done() and not doing.cancelled():
                doing.exception()  # heard: the browser is gone, and so is whoever asked

    async def context(self, door: str) -> BrowserContext:
        """A context of its own that reaches the network through `door` alone."""
        major = self._browser.version.partition(".")[0]
        made = await self._browser.new_context(
            proxy={"server": door, "bypass": "<-loopback>"},
            user_agent=f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{major}.0.0.0 Safari/537.36",
            viewport={"width": 1280, "height": 720},
            accept_downloads=False,
            service_workers="block",
            reduced_motion="reduce",
        )
        await made.add_init_script(_BEFORE_PAGES)
        return made

    async def processes(self) -> list[Process]:
        """All its processes with the memory that each holds."""
        found: dict[str, Any] = await self._session.send("SystemInfo.getProcessInfo")
        told = [(int(each["id"]), str(each["type"])) for each in found["processInfo"]]
        return await asyncio.to_thread(_measured, told)

    async def stop(self) -> None:
        """End it; killed where it does not end by itself."""
        self._watched.close()
        for end in (self._browser.close, self._playwright.stop)[self._lost.is_set() :]:
            try:
                await asyncio.wait_for(end(), _END_WITHIN)
            except (Error, TimeoutError) as error:
                log.warning("chromium does not end by itself", why=str(error).partition("\n")[0])
        kill(self.pid)
        # Playwright's driver removes them, unless it was killed.
        for folder in self._folders:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


class Ending:
    """Calls `tell` once when any of some processes ends."""

    def __init__(self, pids: Iterable[int], tell: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._handles: list[int] = []
        for pid in pids:
            try:
                handle = os.pidfd_open(pid)
            except ProcessLookupError:
                tell()
                continue
            self._handles.append(handle)
            self._loop.add_reader(handle, self._ended, tell)

    def close(self) -> None:
        """Watch no more."""
        while self._handles:
            handle = self._handles.pop()
            self._loop.remove_reader(handle)
            os.close(handle)

    def _ended(self, tell: Callable[[], None]) -> None:
        self.close()
        tell()


@contextmanager
def _lean_driver() -> Iterator[None]:
    """Options for the Node that is started meanwhile: Playwright hands its driver this environment."""
    before = os.environ.get("NODE_OPTIONS")
    os.environ["NODE_OPTIONS"] = f"{before or ''} {_DRIVER_OPTIONS}".strip()
    try:
        yield
    finally:
        if before is None:
            del os.environ["NODE_OPTIONS"]
        else:
            os.environ["NODE_OPTIONS"] = before


def _environment() -> dict[str, str | float | bool]:
    """What a browser needs to know; ours may hold the household's keys."""
    kept = ("PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR")
    told: dict[str, str | float | bool] = {name: os.environ[name] for name in kept if name in os.environ}
    return {**told, "LANG": "C.UTF-8", "TZ": "UTC"}


def kill(pid: int) -> None:
    """End a process of the browser at once, where it still is one."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        # The number may be somebody else's by now.
        if b"chrom" in Path(f"/proc/{pid}/cmdline").read_bytes():
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    except (ProcessLookupError, FileNotFoundError):
        return
    finally:
        os.close(handle)


def _profile(pid: int) -> tuple[str, ...]:
    """The folder that Playwright made for the profile."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    named = (word.partition(b"=")[2].decode() for word in words if word.startswith(b"--user-data-dir="))
    return tuple(folder for folder in named if "playwright" in Path(folder).name)


def _measured(told: list[tuple[int, str]]) -> list[Process]:
    page = os.sysconf("SC_PAGE_SIZE")
    found = []
    for pid, kind in told:
        with suppress(OSError, ValueError):
            resident = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
            found.append(Process(pid, kind, resident * page))
    return found
