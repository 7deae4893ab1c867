"""Names, origins and forwarding headers."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from sokoul.config.model import Http
from sokoul.web.errors import Malformed, Misdirected
from sokoul.web.front import Front, own_path


def ask(*headers: tuple[str, str], peer: str = "192.168.1.5", path: str = "/") -> web.Request:
    transport = mock.Mock()
    transport.get_extra_info.side_effect = lambda name, default=None: (
        (peer, 5000) if name == "peername" else default
    )
    return make_mocked_request("GET", path, headers=CIMultiDict(headers), transport=transport)


def front(**http: Any) -> Front:
    return Front(Http.model_validate(http), "Box.lan")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:3000",
        "127.0.0.1:3000",
        "192.168.1.2",
        "[::1]:3000",
        "[fe80::1]",
        "sokoul.local",
        "SOKOUL.LOCAL:3000",
        "sokoul.local.",
        "box.lan",
        "box",
        "box.local:80",
        "tv.example.org",
        "other.example.org:8443",
    ],
)
def test_our_own_names(host: str) -> None:
    ours = front(public_url="https://tv.example.org", allowed_hosts=["Other.example.org"])
    for _ in range(2):
        ours.check_host(ask(("Host", host)))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "sokoul.local.evil.example",
        "127.0.0.1.nip.io",
        "localhost.evil",
        "0x7f.1",
        "2130706433",
        "xbox",
    ],
)
def test_other_names_are_misdirected(host: str) -> None:
    with pytest.raises(Misdirected):
        front().check_host(ask(("Host", host)))


@pytest.mark.parametrize(
    "host", ["", "a b", "localhost/", "user@localhost", "localhost:x", "[::1", "é", "localhost, evil"]
)
def test_malformed_hosts(host: str) -> None:
    with pytest.raises(Malformed):
        front().check_host(ask(("Host", host)))


def test_none_and_two_hosts_are_malformed() -> None:
    for hosts in ([], ["localhost", "localhost"], ["localhost", "evil.example"]):
        with pytest.raises(Malformed):
            front().check_host(ask(*(("Host", host) for host in hosts)))


def test_nobody_is_believed_unless_trusted() -> None:
    request = ask(("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "https"), ("Host", "box"))
    assert front().client(request) == "192.168.1.5"
    assert not front().secure(request)


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (["203.0.113.7"], "203.0.113.7"),
        (["127.0.0.1, 203.0.113.7"], "203.0.113.7"),
        (["evil, 203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        (["1.1.1.1", "203.0.113.7"], "203.0.113.7"),
        (["203.0.113.7, rubbish"], "10.0.0.1"),
        ([""], "10.0.0.1"),
        ([], "10.0.0.1"),
        (["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
    ],
)
def test_the_nearest_untrusted_hop_is_the_client(forwarded: list[str], client: str) -> None:
    trusting = front(trusted_proxies=["10.0.0.0/8"])
    headers = [("X-Forwarded-For", text) for text in forwarded]
    assert trusting.client(ask(*headers, peer="10.0.0.1")) == client


def test_https_is_known_from_a_trusted_proxy_or_the_public_address() -> None:
    trusting = front(trusted_proxies=["10.0.0.1"])
    assert trusting.secure(ask(("X-Forwarded-Proto", "https"), ("Host", "box"), peer="10.0.0.1"))
    assert not trusting.secure(ask(("X-Forwarded-Proto", "http"), ("Host", "box"), peer="10.0.0.1"))
    public = front(public_url="https://tv.example.org")
    assert public.secure(ask(("Host", "tv.example.org")))
    assert not public.secure(ask(("Host", "192.168.1.2:3000")))


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://box:3000", "box:3000", True),
        ("https://box", "box", True),
        ("http://box:80", "box", True),
        ("https://box:443", "box:443", True),
        ("http://box", "box:3000", False),
        ("http://evil.example", "box", False),
        ("http://box.evil.example", "box", False),
        ("null", "box", False),
        ("", "box", False),
        ("file://", "box", False),
        ("http://user@box", "box", False),
        ("https://tv.example.org", "10.0.0.9", True),
    ],
)
def test_the_same_origin(origin: str, host: str, *, same: bool) -> None:
    ours = front(public_url="https://tv.example.org")
    assert ours.same_origin(ask(("Origin", origin), ("Host", host))) is same


def test_only_listed_origins_may_read() -> None:
    listing = front(cors_origins=["https://app.example.org"])
    assert listing.cors(ask(("Origin", "https://app.example.org"))) == "https://app.example.org"
    for other in ("https://evil.example", "null", "*", "https://app.example.org.evil.example"):
        assert listing.cors(ask(("Origin", other))) is None
    assert front().cors(ask(("Origin", "null"))) is None


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host"])
def test_loopback_is_loopback_only_without_forwarding(name: str) -> None:
    assert front().is_loopback(ask(peer="127.0.0.1"))
    assert front().is_loopback(ask(peer="::1"))
    assert not front().is_loopback(ask((name, "x"), peer="127.0.0.1"))
    assert not front().is_loopback(ask(peer="192.168.1.5"))


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        " https://evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil",
        "\\/evil",
        "/a\\b",
        "",
        None,
        "/" + "x" * 3000,
        "evil",
    ],
)
def test_next_is_only_an_own_path(target: str | None) -> None:
    assert own_path(target) == "/"


def test_an_own_path_stays() -> None:
    assert own_path("/movie/693134?from=search&q=dune%202") == "/movie/693134?from=search&q=dune%202"
