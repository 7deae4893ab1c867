"""What libtorrent reports, brought to the event loop by a pipe; nothing polls."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

import libtorrent as lt
import structlog

log = structlog.get_logger(__name__)

Handler = Callable[[Any], None]


class AlertPump:
    """Calls the handler of an alert's type, on the loop's own thread."""

    def __init__(self, session: lt.session, handlers: dict[type, Handler]) -> None:
        self._session = session
        self._handlers = handlers
        self._reading, self._writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._reading, self._drain)
        session.set_alert_fd(self._writing)
        # Alerts that were there before the pipe do not write to it.
        self._loop.call_soon(self._drain)

    def close(self) -> None:
        """Listen no more."""
        self._session.set_alert_fd(-1)
        self._loop.remove_reader(self._reading)
        os.close(self._reading)
        os.close(self._writing)

    def _drain(self) -> None:
        try:
            while os.read(self._reading, 4096):
                pass
        except BlockingIOError:
            pass
        except OSError:
            return  # closed in the meantime
        for alert in self._session.pop_alerts():
            handler = self._handlers.get(type(alert))
            if handler is None:
                continue
            try:
                handler(alert)
            except Exception:
                log.exception("an alert could not be handled", alert=type(alert).__name__)
