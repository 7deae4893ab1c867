"""Events on standard error: one event, one line, at most 8 KiB, no secrets.

`request_id` and `trail_id` come along by `structlog.contextvars.bind_contextvars`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any, ClassVar, Literal, TextIO

import structlog
from pydantic import BaseModel, SecretStr

LONGEST_LINE = 8192
LONGEST_VALUE = 2000
MOST_ALIKE = 100  # events of one kind a second
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_SECRET_NAME = re.compile(
    r"pass(word|wd|key|phrase)|secret|token|api[_-]?key|authorization|cookie|credential|setup_code", re.I
)
_SECRET_TEXTS = (
    (re.compile(r"://[^/\s@\"'?]+@"), "://***@"),
    (re.compile(r"(https?://[^\s?\"'<>]+\?)[^\s\"'<>)]+"), r"\1***"),
    (re.compile(r"\b(Bearer|Basic) [A-Za-z0-9._~+/=-]+"), r"\1 ***"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), "***"),
)
_STRANGE = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, 0x202E, 0x2066, 0x2067)}

Event = MutableMapping[str, Any]


def configure(
    level: str = "info",
    form: Literal["json", "text"] = "json",
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send everything, the standard library's logging too, to `stream` (standard error).

    `secrets` are texts that must never appear in a line.
    """
    number = _LEVELS[level]
    render = _Renderer(form, secrets)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _Flood(),
            _Tee(_Renderer("json", secrets)),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_Factory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Relay()]
    # Other libraries' INFO is chatter, and has held URLs with keys in it.
    root.setLevel(number if number in (logging.DEBUG, logging.ERROR) else logging.WARNING)
    logging.captureWarnings(capture=True)


def listen(listener: Callable[[str], object] | None) -> None:
    """Hand every event, as its line of JSON without secrets, to `listener` too; None ends that."""
    _Tee.listener = listener


_PASSWORD = re.compile(r"://[^:/@]*:([^@/]+)@")


def secrets_of(section: BaseModel) -> set[str]:
    """Every secret text in a configuration, and the passwords inside its server addresses."""
    found: set[str] = set()
    for name in type(section).model_fields:
        value = getattr(section, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, BaseModel):
                found |= secrets_of(one)
            elif isinstance(one, SecretStr):
                text = one.get_secret_value()
                found |= {text, *_PASSWORD.findall(text)}
            elif isinstance(one, str):
                found |= set(_PASSWORD.findall(one))
    return {text for text in found if len(text) > 3}


class _Line(structlog.WriteLogger):
    """A logger that knows its name."""

    def __init__(self, file: TextIO, name: str) -> None:
        super().__init__(file)
        self.name = name


class _Factory:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, name: str = "sokoul", *_: object) -> _Line:
        return _Line(self._stream, name)


class _Relay(logging.Handler):
    """Hands the standard library's records on."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except Exception as error:  # noqa: BLE001  a stranger's format string may be wrong in any way
            text = f"{record.msg!r} (badly formatted: {error})"
        level = max((known for known in (10, 20, 30, 40) if known <= record.levelno), default=10)
        structlog.get_logger(record.name).log(level, text, exc_info=record.exc_info or None)


class _Flood:
    """Lets a hundred events of one kind through in a second; the next second says how many it dropped."""

    def __init__(self) -> None:
        self._second = 0
        self._seen: dict[tuple[str, str], int] = {}

    def __call__(self, _: object, __: str, event: Event) -> Event:
        key = (str(event.get("logger")), str(event.get("event"))[:80])
        now = int(time.monotonic())
        if now != self._second:
            dropped = self._seen.get(key, 0) - MOST_ALIKE
            self._second, self._seen = now, {}
            if dropped > 0:
                event["dropped_before"] = dropped
        count = self._seen[key] = self._seen.get(key, 0) + 1
        if count > MOST_ALIKE:
            raise structlog.DropEvent
        return event


class _Tee:
    """Shows events to somebody else before they are written; logging is of the whole process, so is this."""

    listener: ClassVar[Callable[[str], object] | None] = None

    def __init__(self, render: _Renderer) -> None:
        self._render = render

    def __call__(self, logger: object, method: str, event: Event) -> Event:
        if _Tee.listener is not None:
            _Tee.listener(self._render(logger, method, dict(event)))
        return event


class _Renderer:
    """Turns an event into its line."""

    def __init__(self, form: Literal["json", "text"], secrets: Iterable[str]) -> None:
        self._form = form
        written = {version for text in secrets for version in (text, _json(text)[1:-1])}
        ordered = sorted(written, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def __call__(self, _: object, __: str, event: Event) -> str:
        line = ""
        for most in (LONGEST_VALUE, 500, 100):
            line = self._line({name: _clean(name, value, most) for name, value in event.items()})
            if len(line.encode("utf-8", "replace")) <= LONGEST_LINE:
                return line
        return self._line({name: str(event[name])[:100] for name in _FIRST if name in event} | {"cut": True})

    def _line(self, event: dict[str, Any]) -> str:
        if self._form == "json":
            line = _json({name: event.pop(name) for name in _FIRST if name in event} | event)
        else:
            head = [str(event.pop(name, "")).ljust(width) for name, width in _HEAD]
            rest = [f"{name}={_json(value)}" for name, value in event.items() if name != "logger"]
            line = " ".join([*head[:2], _json(head[2])[1:-1], *rest])
        line = line.translate(_STRANGE)
        for pattern, instead in _SECRET_TEXTS:
            line = pattern.sub(instead, line)
        return self._known.sub("***", line) if self._known else line


_FIRST = ("timestamp", "level", "logger", "event", "request_id", "trail_id")
_HEAD = (("timestamp", 27), ("level", 7), ("event", 0))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _clean(name: str, value: object, most: int) -> object:
    """A value as it may be written: no secret by name, texts at most `most` characters."""
    if value is not None and _SECRET_NAME.search(name):
        return "***"
    if isinstance(value, Mapping):
        return {str(key)[:100]: _clean(str(key), one, most) for key, one in list(value.items())[: most // 20]}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", one, most) for one in list(value)[: most // 20]]
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = str(value)
    if name == "exception":
        return text[-2 * most :]  # the end says what happened
    return text if len(text) <= most else f"{text[:most]}…"
