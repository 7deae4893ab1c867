"""Feeds as the world writes them, and as an attacker would."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sokoul.domain.errors import ProviderUnavailable
from sokoul.domain.media import MediaType
from sokoul.providers.fetch import Reply
from sokoul.providers.indexers import caps, feed, magnet, prowlarr
from sokoul.providers.metadata import tmdb_answers
from sokoul.providers.refusals import KeyRefused
from tests import shared

HASH = "9fb267cff5ae5603f07a347676ec3bf3e35f75e1"


def item(inner: str) -> bytes:
    return (
        '<rss xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel><item>'
        f"{inner}</item></channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    ("path", "offers"),
    [
        ("torznab/torznab_hdaccess_net.xml", 5),
        ("torznab/torznab_tpb.xml", 5),
        ("torznab/torznab_animetosho.xml", 2),
        ("torznab/torznab_morethantv.xml", 2),
        ("rss/Torrentleech/Torrentleech.xml", 5),
        ("rss/TorrentRss/speed.cd.xml", 20),
        ("rss/TorrentRss/LimeTorrents.xml", 5),
        ("rss/Nyaa/Nyaa2021.xml", 3),
    ],
)
def test_recorded_answers_are_read(path: str, offers: int) -> None:
    page = feed.parse(shared.spec(path).read_bytes(), "test")
    assert len(page.offers) == page.items == offers
    assert all(offer.title and offer.guid and (offer.url or offer.magnet_link) for offer in page.offers)


def test_all_recorded_feeds_end_in_offers_or_a_plain_error() -> None:
    for path in sorted(shared.spec("rss").rglob("*.xml")):
        try:
            assert feed.parse(path.read_bytes(), path.stem).items >= 0
        except ProviderUnavailable as err:
            assert err.cure, path


def test_recorded_facts() -> None:
    hd = feed.parse(shared.spec("torznab/torznab_hdaccess_net.xml").read_bytes(), "hd").offers[0]
    assert (hd.size_bytes, hd.seeders, hd.leechers) == (2538463390, 7, 0)
    assert (hd.info_hash, hd.imdb_id) == ("63e07ff523710ca268567dad344ce1e0e6b7e8a3", "tt3032476")
    assert hd.categories == (5000, 5040, 100009, 100036)
    assert hd.published_at is not None
    assert hd.published_at.isoformat() == "2015-03-14T21:10:42+00:00"
    tpb = feed.parse(shared.spec("torznab/torznab_tpb.xml").read_bytes(), "tpb").offers[0]
    assert (tpb.info_hash, tpb.seeders, tpb.leechers, tpb.url) == (HASH, 34128, 36724 - 34128, None)
    assert tpb.magnet_link is not None
    assert tpb.magnet_link.startswith("magnet:?xt=urn:btih:" + HASH)
    tosho = feed.parse(shared.spec("torznab/torznab_animetosho.xml").read_bytes(), "t").offers[0]
    assert (tosho.seeders, tosho.size_bytes) == (None, 316477946)
    more = feed.parse(shared.spec("torznab/torznab_morethantv.xml").read_bytes(), "m").offers[0]
    # The enclosure's length there is that of the .torrent file.
    assert (more.size_bytes, more.info_hash) == (5412993028, None)


def test_recorded_error_names_the_key() -> None:
    with pytest.raises(KeyRefused, match="did not accept the key"):
        feed.parse(shared.spec("newznab/unauthorized.xml").read_bytes(), "nas")


def test_recorded_caps() -> None:
    tosho = caps.parse(shared.spec("torznab/torznab_animetosho_caps.xml").read_bytes(), "t")
    assert tosho.can("search", "q")
    assert not tosho.can("movie", "q")
    assert tosho.wants(MediaType.MOVIE) == [2000]
    usual = caps.parse(shared.spec("newznab/newznab_caps.xml").read_bytes(), "n")
    assert usual.can("tvsearch", "q", "season", "ep")
    assert usual.page_size == 60
    assert usual.wants(MediaType.MOVIE) == []


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>',
        b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>',
        b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l "l"><!ENTITY m "&l;&l;">]><rss>&m;</rss>',
    ],
)
def test_a_document_type_is_refused(body: bytes) -> None:
    with pytest.raises(ProviderUnavailable, match="document type"):
        feed.parse(body, "test")


@pytest.mark.parametrize("body", [b"", b"<rss><channel>", b"\xff\xfe\x00", b"<rss>&nbsp;</rss>", b"{}"])
def test_broken_xml_is_named(body: bytes) -> None:
    with pytest.raises(ProviderUnavailable, match="where a feed was expected"):
        feed.parse(body, "test")


def test_a_web_page_is_named() -> None:
    with pytest.raises(ProviderUnavailable, match="a web page") as caught:
        feed.parse(b"<html><head><title>Login</title><body><br></html>", "test")
    assert "/api" in (caught.value.cure or "")


def test_more_items_than_anybody_reads_are_cut() -> None:
    many = "".join(f"<item><title>t{n}</title><link>http://h/{n}</link></item>" for n in range(2000))
    page = feed.parse(f"<rss><channel>{many}</channel></rss>".encode(), "test")
    assert (page.items, len(page.offers)) == (2000, feed.MOST_ITEMS)


def test_hostile_fields_become_harmless() -> None:
    attributes = "".join(f'<torznab:attr name="x{n}" value="1"/>' for n in range(5000))
    offer = feed.parse(
        item(
            "<title>A&#x202e;B\nC" + "x" * 5000 + "</title><guid>" + "g" * 5000 + "</guid>"
            "<link>http://host/a.torrent</link><size>99999999999999999999</size>"
            '<torznab:attr name="seeders" value="-5"/><torznab:attr name="peers" value="1e9"/>'
            '<torznab:attr name="infohash" value="zz"/><pubDate>yesterday</pubDate>' + attributes
        ),
        "test",
    ).offers[0]
    assert offer.title.startswith("A B C")
    assert len(offer.title) <= 400
    assert len(offer.guid) <= 400
    assert (offer.size_bytes, offer.seeders, offer.leechers, offer.info_hash) == (None, None, None, None)
    assert offer.published_at is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "ftp://h/x", "//h/x", "x y"])
def test_other_schemes_are_no_way_to_fetch(link: str) -> None:
    assert feed.parse(item(f"<title>t</title><link>{link}</link>"), "test").offers == ()


def test_a_hash_alone_makes_a_magnet() -> None:
    inner = f'<title>Some Film</title><torznab:attr name="infohash" value="{HASH.upper()}"/>'
    offer = feed.parse(item(inner), "test").offers[0]
    assert offer.magnet_link == f"magnet:?xt=urn:btih:{HASH}&dn=Some%20Film"


def test_magnets_are_cut_down() -> None:
    trackers = "".join(f"&tr=udp%3A%2F%2Ft{n}.example%3A80" for n in range(10_000))
    read = magnet.read(f"magnet:?xt=urn:btih:{HASH}&dn=x&ws=http://127.0.0.1/x&tr=file:///x{trackers}")
    assert read is not None
    assert read.link.count("&tr=") == magnet.MOST_TRACKERS
    assert "127.0.0.1" not in read.link
    assert "file" not in read.link


def test_base_32_and_version_2() -> None:
    base32 = magnet.read("magnet:?xt=urn:btih:VU2QYN66WU7FTPXSG3TFDRXW6KTEBPBF")
    assert base32 is not None
    assert base32.info_hash == "ad350c37deb53e59bef236e651c6f6f2a640bc25"
    second = magnet.read("magnet:?xt=urn:btmh:1220" + "ab" * 32)
    assert second is not None
    assert second.info_hash is None
    assert magnet.read("magnet:?dn=nothing") is None
    assert magnet.read("http://example/") is None


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_end_in_a_page_or_a_plain_error(body: bytes) -> None:
    try:
        feed.parse(b"<rss>" + body + b"</rss>", "test")
    except ProviderUnavailable as err:
        assert err.cure


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_magnet_or_none(text: str) -> None:
    magnet.read("magnet:?" + text)
    feed.moment(text)
    feed.web_url(text)
    feed.imdb(text)
    feed.whole(text)


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800b", "a\u202eb", "\ufeffa b"])
def test_no_field_holds_what_a_database_refuses(name: str) -> None:
    reply = Reply(200, "application/json", json.dumps([hostile(name)]).encode())
    for offer in prowlarr.parse(reply, "test"):
        told = repr(asdict(offer)) + json.dumps(asdict(offer), ensure_ascii=False, default=str)
        told.encode()
        assert "\\u0000" not in json.dumps(asdict(offer), default=str)
        assert offer.title == "a b"
    read = magnet.read(f"magnet:?xt=urn:btih:{HASH}&dn={name}&tr=udp://x{name}:80")
    assert read is not None
    read.link.encode("ascii")
    told_work = {"id": 5, "title": name, "original_title": name, "overview": name}
    other = {"alternative_titles": {"titles": [{"title": name + "x"}]}}
    work = tmdb_answers.details({**told_work, **other}, "movie")
    assert work is not None
    assert (work.title, work.overview, work.aliases) == ("a b", "a b", ("a bx",))


def hostile(name: str) -> dict[str, object]:
    url = f"http://h/{name}"
    return {"title": name, "guid": name, "downloadUrl": url, "infoHash": HASH, "magnetUrl": url}


def test_an_error_does_not_repeat_a_key() -> None:
    body = b'<error code="900" description="bad apikey=0123456789abcdef0123 given"/>'
    with pytest.raises(ProviderUnavailable) as caught:
        feed.parse(body, "test")
    assert "0123456789" not in str(caught.value)
    assert "bad apikey" in str(caught.value)


def test_marks_and_ids_of_a_tracker() -> None:
    attributes = (
        ("tag", "Internal"),
        ("downloadvolumefactor", "0"),
        ("uploadvolumefactor", "2"),
        ("tvdbid", "269613"),
    )
    told = "".join(f'<torznab:attr name="{name}" value="{value}"/>' for name, value in attributes)
    body = item(f"<title>Fargo.S01E02.1080p</title><link>https://t.example/1.torrent</link>{told}")

    [offer] = feed.parse(body, "tracker").offers

    assert offer.flags == ("internal", "freeleech", "double_upload")
    assert offer.tvdb_id == 269613


@pytest.mark.parametrize(
    ("told", "flags"),
    [
        (["freeleech", "doubleUpload", "freeleech"], ("freeleech", "double_upload")),
        ([None, 5, "<b>x</b>", "y" * 500, ""], ("none", "5", "bxb", "y" * 40)),
        ([], ()),
    ],
)
def test_marks_have_one_spelling(told: list[object], flags: tuple[str, ...]) -> None:
    assert feed.flags(told) == flags
