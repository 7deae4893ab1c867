"""Sealed permissions to fetch a remote address through Sokoul: they bind user, address, headers, time."""

from __future__ import annotations

import base64
import binascii
import json
import os
import time
import uuid
from dataclasses import dataclass, replace
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sokoul.domain.errors import NotSignedIn, Refused
from sokoul.remote import LONGEST_URL, Place, passed
from sokoul.web.signing import SIX_HOURS, KeyRing

PATH: Final = "/api/v1/streaming/proxy"
_NONCE: Final = 12
_LONGEST: Final = (
    7_000  # the address stands in the request's first line, of which servers take eight thousand
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """May be used by `user_id` until `expires` (Unix time); `depth` counts the playlists that led here."""

    user_id: uuid.UUID
    place: Place
    expires: int
    depth: int = 0
    name: str = ""

    def below(self, place: Place) -> Ticket:
        """For an address that a playlist names; it ends with the one it came from."""
        return replace(self, place=place, depth=self.depth + 1, name="")


class Tickets:
    """Seals and opens them; nobody else can read or make one."""

    def __init__(self, ring: KeyRing) -> None:
        self._cipher = AESGCM(ring.secret("stream proxy"))

    def address(self, user_id: uuid.UUID, place: Place, *, name: str = "", seconds: float = SIX_HOURS) -> str:
        """The address within Sokoul, good for at most six hours; raises Refused for what can't be fetched."""
        expires = int(time.time() + min(seconds, SIX_HOURS))
        kept = Place(place.url, passed(place.headers))
        return self.of(Ticket(user_id, kept, expires, name=name[:200]))

    def of(self, ticket: Ticket) -> str:
        """The address of a ticket; raises Refused where it would be too long."""
        token = self.seal(ticket)
        if len(ticket.place.url) > LONGEST_URL or len(token) > _LONGEST:
            raise Refused("bad_url", "the address is too long to be fetched")
        return f"{PATH}?token={token}"

    def seal(self, ticket: Ticket) -> str:
        """The token."""
        told = [
            ticket.user_id.hex,
            ticket.expires,
            ticket.depth,
            ticket.place.url,
            ticket.place.headers,
            ticket.name,
        ]
        nonce = os.urandom(_NONCE)
        closed = self._cipher.encrypt(nonce, json.dumps(told, separators=(",", ":")).encode(), None)
        return base64.urlsafe_b64encode(nonce + closed).rstrip(b"=").decode()

    def open(self, token: str) -> Ticket:
        """The ticket; raises NotSignedIn for one that is not ours, or over."""
        if len(token) > _LONGEST or not token.isascii():
            raise NotSignedIn("The token is not valid")
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            told = json.loads(self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], None))
        except (InvalidTag, ValueError, binascii.Error) as err:
            raise NotSignedIn("The token is not valid") from err
        user, expires, depth, url, headers, name = told
        if expires < time.time():
            raise NotSignedIn("The token is not valid any more")
        place = Place(url, tuple((key, value) for key, value in headers))
        return Ticket(uuid.UUID(user), place, expires, depth, name)
