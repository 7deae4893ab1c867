"""Tokens: only ours, only what they were made for, only while they last."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import stat
import time
import uuid
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sokoul.domain.errors import NotSignedIn
from sokoul.web.signing import KeyRing, KeyUnusable, Signer

USER = uuid.uuid4()


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def ring(key: Ed25519PrivateKey) -> KeyRing:
    return KeyRing({"k1": key})


def _claims(**other: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {
        "iss": "sokoul",
        "aud": "sokoul-access",
        "sub": str(USER),
        "iat": now,
        "exp": now + 60,
        "sid": "s",
    }
    return {name: value for name, value in {**good, **other}.items() if value is not None}


def _forge(key: Any, algorithm: str = "EdDSA", headers: dict[str, Any] | None = None, **claims: Any) -> str:
    header = {"kid": "k1", "typ": "access+jwt", **(headers or {})}
    return jwt.encode(_claims(**claims), key, algorithm=algorithm, headers=header)


def _by_hmac(secret: bytes) -> str:
    unsigned = _raw({"alg": "HS256", "kid": "k1", "typ": "access+jwt"}).rstrip(".")
    digest = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _raw(header: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(_claims()).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_reads_what_it_issued(ring: KeyRing) -> None:
    token = ring.issue("access", "someone", seconds=60, sid="abc")
    for _ in range(2):  # the second time from memory
        claims = ring.read("access", token)
        assert (claims["sub"], claims["sid"]) == ("someone", "abc")


def test_a_well_made_forgery_would_be_read(ring: KeyRing, key: Ed25519PrivateKey) -> None:
    assert ring.read("access", _forge(key))["sub"] == str(USER)


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "exp", "iat"])
def test_every_claim_is_needed(ring: KeyRing, key: Ed25519PrivateKey, missing: str) -> None:
    with pytest.raises(NotSignedIn):
        ring.read("access", _forge(key, **{missing: None}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "other"},
        {"aud": "sokoul-address"},
        {"exp": time.time() - 31},
        {"iat": time.time() + 3600},  # read long before it is used
        {"exp": "x"},
    ],
)
def test_wrong_claims_are_refused(ring: KeyRing, key: Ed25519PrivateKey, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        ring.read("access", _forge(key, **wrong))


@pytest.mark.parametrize(
    "headers",
    [
        {"kid": "../../etc/passwd"},
        {"kid": "' OR 1=1 --"},
        {"kid": "k" * 10_000},
        {"kid": None},
        {"kid": "k2"},
        {"typ": "JWT"},
        {"typ": "address+jwt"},
        {"crit": ["exp"]},
    ],
)
def test_headers_decide_nothing(ring: KeyRing, key: Ed25519PrivateKey, headers: dict[str, Any]) -> None:
    header = {"alg": "EdDSA", "kid": "k1", "typ": "access+jwt", **headers}
    body = b".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, _claims())
    )
    signature = base64.urlsafe_b64encode(key.sign(body)).rstrip(b"=").decode()
    with pytest.raises(NotSignedIn):
        ring.read("access", f"{body.decode()}.{signature}")


def test_keys_in_headers_are_ignored(ring: KeyRing) -> None:
    stranger = Ed25519PrivateKey.generate()
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(stranger.public_key()))
    for header in ({"jwk": jwk}, {"jku": "http://127.0.0.1/k"}, {"x5u": "http://127.0.0.1/k"}):
        with pytest.raises(NotSignedIn):
            ring.read("access", _forge(stranger, headers=header))


def test_no_other_algorithm(ring: KeyRing, key: Ed25519PrivateKey) -> None:
    public = key.public_key()
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    pem_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with_secret = [_by_hmac(secret) for secret in (raw, der, raw.hex().encode())]
    header = {"alg": "none", "kid": "k1", "typ": "access+jwt"}
    unsigned = [_raw(header), _raw({**header, "alg": "None"}), _raw({**header, "alg": "EdDSA"}, b"\0" * 64)]
    for token in (*with_secret, *unsigned, _forge(pem_key, "RS256")):
        with pytest.raises(NotSignedIn):
            ring.read("access", token)


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "é.é.é", "x" * 5000, "null", "eyJhbGciOiJFZERTQSJ9..", "\0"]
)
def test_rubbish_is_refused_cleanly(ring: KeyRing, token: str) -> None:
    for kind in ("access", "address"):
        with pytest.raises(NotSignedIn):
            ring.read(kind, token)  # type: ignore[arg-type]  # both kinds in a loop


def test_a_remembered_token_ends_all_the_same(ring: KeyRing) -> None:
    token = ring.issue("access", "someone", seconds=-9)
    assert ring.read("access", token)  # within the leeway
    late = ring.issue("access", "someone", seconds=-11)
    with pytest.raises(NotSignedIn):
        ring.read("access", late)
    assert ring.read("access", token)
    with pytest.raises(NotSignedIn):
        ring.read("address", token)


def test_a_signed_address_is_for_itself(ring: KeyRing) -> None:
    signer = Signer(ring)
    token = signer.sign("/api/v1/files/1/stream", user_id=USER)
    assert signer.verify(token, "/api/v1/files/1/stream") == USER
    for other in ("/api/v1/files/2/stream", "/api/v1/files/1/stream/", "/api/v1/files/1", ""):
        with pytest.raises(NotSignedIn):
            signer.verify(token, other)
    folder = signer.sign("/s/1/", user_id=USER)
    assert signer.verify(folder, "/s/1/main.m3u8") == USER
    for other in ("/s/12/main.m3u8", "/s/1", "/s/2/main.m3u8"):
        with pytest.raises(NotSignedIn):
            signer.verify(folder, other)
    with pytest.raises(NotSignedIn):
        ring.read("access", token)


def test_keys_are_made_once_closed_and_kept(tmp_path: Path) -> None:
    token = KeyRing.load(tmp_path / "keys").issue("access", "someone", seconds=60)
    [file] = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    file.chmod(0o644)
    assert KeyRing.load(tmp_path / "keys").read("access", token)["sub"] == "someone"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_old_keys_verify_and_the_newest_signs(tmp_path: Path) -> None:
    old = KeyRing.load(tmp_path / "old")
    new = KeyRing.load(tmp_path / "new")
    for file in (tmp_path / "old").iterdir():
        file.rename(tmp_path / "new" / file.name)
    both = KeyRing.load(tmp_path / "new")
    assert both.read("access", old.issue("access", "a", seconds=60))
    assert new.read("access", both.issue("access", "b", seconds=60))


@pytest.mark.parametrize(
    "content", [b"", b"rubbish", b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"]
)
def test_a_key_that_is_none_stops_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "k.pem").write_bytes(content)
    with pytest.raises(KeyUnusable, match=r"k\.pem"):
        KeyRing.load(tmp_path)


def test_secrets_differ_by_purpose(ring: KeyRing) -> None:
    assert ring.secret("csrf") == ring.secret("csrf") != ring.secret("other")


def test_the_session_of_a_token_that_ran_out_is_known_but_opens_nothing(ring: KeyRing) -> None:
    session = uuid.uuid4()
    token = ring.issue("access", str(USER), seconds=-100, sid=str(session))
    assert ring.expired_session(token) == session
    with pytest.raises(NotSignedIn):
        ring.read("access", token)
    with pytest.raises(NotSignedIn):
        ring.expired_session(token[:-3] + "AAA")
