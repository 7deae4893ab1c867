"""Torznab, Newznab and plain RSS answers turned into offers; nothing in a feed is taken on trust."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.offer import Offer, Protocol
from sokoul.providers.indexers import magnet
from sokoul.providers.refusals import KeyRefused
from sokoul.providers.text import CONTROL, clean, quoted

MOST_ITEMS: Final = 500
_MOST_ATTRIBUTES: Final = 200
_LONGEST_TITLE: Final = 400
_LONGEST_GUID: Final = 400
_LONGEST_URL: Final = 4096
_BIGGEST: Final = 1 << 50
_SPELT: Final = {"doubleupload": "double_upload", "neutralleech": "neutral_leech"}
_FACTORS: Final = (
    ("downloadvolumefactor", "0", "freeleech"),
    ("downloadvolumefactor", "0.5", "halfleech"),
    ("uploadvolumefactor", "2", "double_upload"),
)
_IMDB: Final = re.compile(r"(?:tt)?(\d{5,9})")


class FeedError(ProviderUnavailable):
    """The indexer answered with an error of its own; `code` is Newznab's number."""

    def __init__(self, code: int, message: str, *, cure: str) -> None:
        super().__init__(message, cure=cure)
        self.code = code


@dataclass(frozen=True, slots=True)
class Page:
    """The offers of one answer, how many items it held, and the total where it was told."""

    offers: tuple[Offer, ...]
    items: int
    total: int | None


def document(body: bytes, source: str) -> Element:
    """The root of an answer; raises KeyRefused, FeedError or ProviderUnavailable."""
    try:
        root: Element = fromstring(body.lstrip(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as err:
        raise ProviderUnavailable(
            f"{source} sent XML with a document type, which is refused",
            cure="Check that the address is the one of its Torznab API.",
        ) from err
    except (ParseError, ValueError, LookupError) as err:
        page = body[:512].lstrip().lower().startswith((b"<!doctype html", b"<html", b"{", b"["))
        raise ProviderUnavailable(
            f"{source} sent {'a web page or JSON' if page else 'broken XML'} where a feed was expected",
            cure="Check that the address is the one of its Torznab API (it often ends in /api).",
        ) from err
    if _name(root) == "error":
        raise error(root, source)
    return root


def error(root: Element, source: str) -> ProviderUnavailable:
    """What an `<error code= description=>` document means, with its cure."""
    code = whole(root.get("code")) or 900
    told = quoted(root.get("description") or "no reason given")
    if 100 <= code <= 199:
        return KeyRefused(source)
    if code in {500, 501, 429}:
        return FeedError(code, f"{source} allows no more requests for now", cure="Wait; it counts per day.")
    return FeedError(
        code,
        f"{source} answered error {code}: {told}",
        cure="Look into the indexer's own log for the reason.",
    )


def parse(body: bytes, source: str) -> Page:
    """The offers in a feed; items without a title or any way to fetch them are left out."""
    root = document(body, source)
    if _name(root) not in {"rss", "feed", "rdf"}:
        raise ProviderUnavailable(
            f"{source} sent <{clean(_name(root), 40)}> where a feed was expected",
            cure="Check that the address is the one of its Torznab API (it often ends in /api).",
        )
    offers: list[Offer] = []
    items = 0
    total: int | None = None
    for element in root.iter():
        match _name(element):
            case "response":
                total = whole(element.get("total")) if element.get("total") else total
            case "item":
                items += 1
                if len(offers) < MOST_ITEMS and (offer := _offer(element, source)) is not None:
                    offers.append(offer)
    return Page(tuple(offers), items, total)


def _offer(item: Element, source: str) -> Offer | None:
    fields, attributes, enclosures = _collect(item)
    title = clean(fields.get("title", ""), _LONGEST_TITLE)
    links = [*(url for url, _ in enclosures), fields.get("link")]
    magnets = (magnet.read(link) for link in (attributes.get("magneturl"), *links, fields.get("guid")))
    found = next((m for m in magnets if m), None)
    digest = magnet.info_hash(attributes.get("infohash")) or (found.info_hash if found else None)
    url = next((u for link in links if (u := web_url(link))), None)
    if not title or not (found or url or digest):
        return None
    link = found.link if found else None
    if link is None and url is None:
        link = magnet.build(digest, name=title)
    seeders = count(attributes.get("seeders") or fields.get("seeders"))
    return Offer(
        guid=guid(fields.get("guid"), digest, fields.get("comments"), url, link, title),
        title=title,
        provider=source,
        protocol=Protocol.TORRENT,
        size_bytes=_size(fields, attributes, enclosures),
        seeders=seeders,
        leechers=_leechers(fields, attributes, seeders),
        info_hash=digest,
        magnet_link=link,
        url=url,
        published_at=moment(fields.get("pubdate")),
        categories=tuple(_categories(item)),
        tmdb_id=whole(attributes.get("tmdbid") or attributes.get("tmdb")) or None,
        imdb_id=imdb(attributes.get("imdbid") or attributes.get("imdb")),
        tvdb_id=positive(whole(attributes.get("tvdbid") or attributes.get("tvdb"))),
        flags=_flags(attributes),
    )


def _collect(item: Element) -> tuple[dict[str, str], dict[str, str], list[tuple[str, str]]]:
    """Plain child elements, Torznab or Newznab attributes (first of each name), enclosures (url, length)."""
    fields: dict[str, str] = {}
    attributes: dict[str, str] = {}
    enclosures: list[tuple[str, str]] = []
    for child in list(item)[:_MOST_ATTRIBUTES]:
        name = _name(child)
        if name == "attr":
            attributes.setdefault((child.get("name") or "").lower(), (child.get("value") or "").strip())
        elif name == "enclosure":
            kind = (child.get("type") or "").lower()
            if "nzb" not in kind:
                enclosures.append(((child.get("url") or "").strip(), (child.get("length") or "").strip()))
        else:
            fields.setdefault(name, (child.text or "").strip())
    return fields, attributes, enclosures


def _size(
    fields: dict[str, str], attributes: dict[str, str], enclosures: list[tuple[str, str]]
) -> int | None:
    """Bytes, the most trustworthy place first: an enclosure's length may be the .torrent's own."""
    for text in (
        attributes.get("size"),
        fields.get("size"),
        fields.get("contentlength"),
        *(length for _, length in enclosures),
    ):
        if size := bounded_size(whole(text)):
            return size
    return None


def _leechers(fields: dict[str, str], attributes: dict[str, str], seeders: int | None) -> int | None:
    told = count(attributes.get("leechers") or fields.get("leechers"))
    if told is not None:
        return told
    peers = count(attributes.get("peers") or fields.get("peers"))
    return None if peers is None else max(0, peers - (seeders or 0))


def _categories(item: Element) -> Iterator[int]:
    seen: set[int] = set()
    for child in list(item)[:_MOST_ATTRIBUTES]:
        text = None
        if _name(child) == "attr" and (child.get("name") or "").lower() == "category":
            text = child.get("value")
        elif _name(child) == "category":
            text = child.text
        number = whole(text)
        if number and 0 < number < 1_000_000 and number not in seen and len(seen) < 20:
            seen.add(number)
            yield number


def _flags(attributes: dict[str, str]) -> tuple[str, ...]:
    """What a tracker says of a torrent beside its facts: its own tag, and what it counts of the bytes."""
    found = [attributes["tag"]] if attributes.get("tag") else []
    found += [word for name, value, word in _FACTORS if attributes.get(name) == value]
    return flags(found)


def flags(words: Iterable[object]) -> tuple[str, ...]:
    """Marks of an indexer in one spelling: lower case, letters and digits alone; at most ten."""
    plain = (re.sub(r"[^a-z0-9]", "", str(word)[:40].lower()) for word in words)
    return tuple(dict.fromkeys(_SPELT.get(word, word) for word in plain if word))[:10]


def positive(number: int | None) -> int | None:
    """An id that a database can hold."""
    return number if number and 0 < number < 2**31 else None


def _name(element: Element) -> str:
    """The element's name without namespace, in lower case."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def whole(text: object) -> int | None:
    """A whole number, or None; never more digits than a size can have."""
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, int):
        return text
    if isinstance(text, float):
        return int(text) if math.isfinite(text) else None
    digits = str(text).strip()
    return int(digits) if len(digits) <= 19 and re.fullmatch(r"-?[0-9]+", digits) else None


def count(text: object) -> int | None:
    """A number of peers: not negative, not absurd."""
    number = whole(text)
    return None if number is None or number < 0 else min(number, 10_000_000)


def bounded_size(number: int | None) -> int | None:
    """A size in bytes that can be true."""
    return number if number is not None and 0 < number < _BIGGEST else None


def imdb(text: object) -> str | None:
    """`tt` and at least seven digits, whatever the feed wrote."""
    match = _IMDB.fullmatch(str(text).strip()) if text else None
    return f"tt{int(match[1]):07d}" if match and int(match[1]) else None


def web_url(text: str | None) -> str | None:
    """An http(s) address, or None."""
    if not text or len(text) > _LONGEST_URL or CONTROL.search(text) or " " in text:
        return None
    try:
        parts = urlsplit(text)
        return text if parts.scheme in {"http", "https"} and parts.hostname else None
    except ValueError:
        return None


def guid(*candidates: str | None) -> str:
    """The first that is there, short enough to be a key."""
    text = next((c.strip() for c in candidates if c and c.strip()), "")
    if len(text) <= _LONGEST_GUID and not CONTROL.search(text):
        return text
    return "sha1:" + hashlib.sha1(text.encode(errors="replace"), usedforsecurity=False).hexdigest()


def moment(text: str | None) -> datetime | None:
    """A date in the RSS or the ISO form, in UTC; None where it is neither, or not of our age."""
    if not text or len(text) > 64:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    try:
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if 1990 <= found.year <= 2100 else None
