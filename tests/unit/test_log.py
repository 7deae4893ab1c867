"""A log line is one line, short enough, and holds no secret, whoever wrote it."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from sokoul import log
from sokoul.config.model import Config, Metrics, Services


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Where the log goes; the usual set-up comes back afterwards."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    stream = io.StringIO()
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = before


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_who_when_and_which_request(written: io.StringIO) -> None:
    log.configure(stream=written)
    structlog.contextvars.bind_contextvars(request_id="r1", trail_id="t1")
    structlog.get_logger("sokoul.x").warning("disk is nearly full", free=3)
    (event,) = lines(written)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "level": "warning",
        "logger": "sokoul.x",
        "event": "disk is nearly full",
        "request_id": "r1",
        "trail_id": "t1",
        "free": 3,
    }


def test_the_level_is_kept(written: io.StringIO) -> None:
    log.configure("warning", stream=written)
    structlog.get_logger("x").info("quiet")
    logging.getLogger("y").info("quiet")
    assert written.getvalue() == ""


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize(
    "evil", ["a\nb", "a\r\nb", "\x1b[31mred", "\x9b31m", "a\u2028b", "a\u2029b", "\x00", "\u202e"]
)
def test_nothing_breaks_out_of_its_line(written: io.StringIO, form: Any, evil: str) -> None:
    log.configure("info", form, stream=written)
    structlog.get_logger("x").info(f"hello {evil}", agent=evil, deep={"list": [evil]})
    text = written.getvalue()
    assert text.count("\n") == 1
    assert len(text.splitlines()) == 1
    assert not set(evil) & set("\r\x00\x1b\x9b\u2028\u2029\u202e") & set(text)


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize(
    ("event", "values"),
    [
        ("signing in", {"password": "hush-hush"}),
        ("asking", {"api_key": "hush-hush", "headers": {"X-Api-Key": "hush-hush", "Cookie": "a=hush-hush"}}),
        ("asking http://h/api?t=search&apikey=hush-hush", {}),
        ("asking", {"url": "https://h/x?a=1&token=hush-hush#x", "refresh_token": "hush-hush"}),
        ("connecting", {"to": "postgresql://me:hush-hush@db/x"}),
        ("sent", {"header": "Authorization: Bearer hush-hush"}),
        ("known", {"nested": [{"any": "with hush-hush inside"}]}),
        ('quoted as "hush-hush"', {}),
    ],
)
def test_secrets_do_not_appear(written: io.StringIO, form: Any, event: str, values: dict[str, Any]) -> None:
    log.configure(
        "info", form, secrets=["hush-hush"] if "known" in event or "quoted" in event else [], stream=written
    )
    structlog.get_logger("x").info(event, **values)
    assert "hush" not in written.getvalue()
    assert "***" in written.getvalue()


def test_a_secret_with_quotes_is_hidden_in_json_too(written: io.StringIO) -> None:
    log.configure(secrets=['pa"ss\\wö'], stream=written)
    structlog.get_logger("x").info('got pa"ss\\wö', also=['pa"ss\\wö'])
    assert "wö" not in written.getvalue()
    assert lines(written)[0]["also"] == ["***"]


def test_secrets_in_tracebacks_are_hidden(written: io.StringIO) -> None:
    log.configure(secrets=["hush-hush"], stream=written)
    try:
        int("cannot reach redis://:hush-hush@h")
    except ValueError:
        structlog.get_logger("x").exception("failed")
    (event,) = lines(written)
    assert "ValueError: invalid literal" in event["exception"]
    assert "hush" not in written.getvalue()


def test_secrets_of_a_configuration_are_found_everywhere() -> None:
    config = Config(
        metrics=Metrics(token=SecretStr("hush-1")),
        services=Services(
            postgres=SecretStr("postgresql://me:hush-2@db/x"),
            postgres_read=(SecretStr("postgresql://me:hush-3@r/x"),),
        ),
    )
    assert {"hush-1", "hush-2", "hush-3"} <= log.secrets_of(config)


@pytest.mark.parametrize(
    "values",
    [
        {"text": "é" * 100_000},
        {"many": ["x" * 1500] * 500},
        {f"key{number}": "x" * 1000 for number in range(200)},
        {"deep": {str(number): {"x": "y" * 3000} for number in range(300)}},
    ],
)
def test_a_line_is_at_most_8_kib_and_still_json(written: io.StringIO, values: dict[str, Any]) -> None:
    log.configure(stream=written)
    structlog.get_logger("x").info("big", **values)
    assert len(written.getvalue().encode()) <= log.LONGEST_LINE + 1
    assert lines(written)[0]["event"] == "big"


def test_a_flood_of_one_event_is_capped_and_others_pass(written: io.StringIO) -> None:
    log.configure(stream=written)
    logger = structlog.get_logger("x")
    for number in range(5000):
        logger.info("flood", number=number)
    logger.info("something else")
    events = [line["event"] for line in lines(written)]
    assert events.count("flood") < 5000 / 2
    assert "something else" in events


def test_the_standard_library_logs_here_too(written: io.StringIO) -> None:
    log.configure(stream=written)
    logging.getLogger("aiohttp.access").warning("odd request from %s", "10.0.0.1")
    badly_formatted = "%d %d"
    logging.getLogger("asyncio").error(badly_formatted, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", UserWarning, stacklevel=1)
    found = {line["logger"]: line for line in lines(written)}
    assert found["aiohttp.access"]["event"] == "odd request from 10.0.0.1"
    assert "badly formatted" in found["asyncio"]["event"]
    assert "UserWarning: old" in found["py.warnings"]["event"]


def test_a_listener_gets_the_same_event_without_its_secrets() -> None:
    heard: list[str] = []
    log.configure("info", "text", secrets={"hunter2hunter2"}, stream=io.StringIO())
    log.listen(heard.append)
    structlog.get_logger("here").info("it happened", password="x", note="hunter2hunter2", number=3)
    log.listen(None)
    structlog.get_logger("here").info("not any more")
    (event,) = map(json.loads, heard)
    assert (event["event"], event["password"], event["note"], event["number"]) == (
        "it happened",
        "***",
        "***",
        3,
    )
