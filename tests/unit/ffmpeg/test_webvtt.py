"""Text subtitles as they lie around, made fit for a browser."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sokoul.engines.ffmpeg import webvtt

SRT = "1\n00:00:01,000 --> 00:00:02,500\nDéjà vu\n"


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("Déjà vu".encode(), None, "Déjà vu"),
        (codecs.BOM_UTF8 + "Déjà vu".encode(), None, "Déjà vu"),
        ("Déjà vu, cœur".encode("cp1252"), "fr", "Déjà vu, cœur"),
        ("Привет".encode("cp1251"), "ru", "Привет"),
        ("Zażółć".encode("cp1250"), "pol", "Zażółć"),
        (codecs.BOM_UTF16_LE + "Déjà vu".encode("utf-16-le"), None, "Déjà vu"),
        (codecs.BOM_UTF16_BE + "Déjà vu".encode("utf-16-be"), None, "Déjà vu"),
        ("Déjà vu, sans marque".encode("utf-16-le"), None, "Déjà vu, sans marque"),
        ("Déjà vu, sans marque".encode("utf-16-be"), None, "Déjà vu, sans marque"),
        (b"", None, ""),
    ],
)
def test_encodings_are_repaired(raw: bytes, language: str | None, expected: str) -> None:
    assert webvtt.decode(raw, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("<i>a</i> <B>b</B> <u>c</u>", "<i>a</i> <b>b</b> <u>c</u>"),
        ('<font color="red">rouge</font>', "rouge"),
        ("<i>never closed", "<i>never closed</i>"),
        ("<i><b>crossed</i></b>", "<i><b>crossed</b></i>"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("&lt;script&gt; &amp; co", "&lt;script&gt; &amp; co"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<i onclick=x>a</i>", "<i>a</i>"),
        ("<scr<b>ipt>", "&lt;scr<b>ipt&gt;</b>"),
        ("a --> b", "a --&gt; b"),
        ("<v Anna>Bonjour</v><00:00:02.000><c.loud>!</c>", "Bonjour&lt;00:00:02.000&gt;!"),
    ],
)
def test_only_italics_bold_and_underline_survive(text: str, expected: str) -> None:
    assert webvtt.plain_markup(text) == expected


@given(st.text(max_size=200))
def test_no_text_breaks_out_of_its_cue(text: str) -> None:
    made = webvtt.cue(1.0, 2.0, text)
    shown = webvtt.render([made] if made else []).decode()
    body = shown.split("\n", 3)[3] if made else ""
    assert "-->" not in body
    assert "\n\n" not in body.rstrip("\n")
    for tag in ("<i>", "</i>", "<b>", "</b>", "<u>", "</u>"):
        body = body.replace(tag, "")
    assert "<" not in body


def test_subrip_becomes_webvtt() -> None:
    text = (
        "1\r\n00:00:01,000 --> 00:00:02,500 X1:1\r\nUn\r\nDeux\r\n\r\n"
        "2\r\n00:01:00,5 --> 00:01:01,000\r\n{\\an8}Haut\r\n"
    )
    assert webvtt.render(webvtt.parse(text)).decode() == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nUn\nDeux\n\n00:01:00.500 --> 00:01:01.000\nHaut\n"
    )


def test_webvtt_keeps_its_cues_and_loses_its_styles() -> None:
    text = (
        "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE a --> nothing\n\n"
        "id\n00:01.000 --> 00:02.000 line:0\nHello\n"
    )
    assert webvtt.parse(text) == [webvtt.Cue(1.0, 2.0, "Hello")]


def test_ass_loses_its_drawings_and_keeps_its_italics() -> None:
    text = (
        "[Script Info]\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,Second, with a comma\n"
        "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\i1\\an8}Déjà{\\i0}\\Nvu <b>\n"
        "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}\n"
        "Comment: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,not shown\n"
    )
    assert webvtt.render(webvtt.parse(text)).decode() == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<i>Déjà</i>\nvu &lt;b&gt;\n\n"
        "00:00:05.000 --> 00:00:06.000\nSecond, with a comma\n"
    )


@pytest.mark.parametrize(
    "text", ["", "\n\n\n", "no arrows at all", "-->", "00:00:02,000 --> 00:00:01,000\nback in time"]
)
def test_what_is_no_subtitle_gives_an_empty_file(text: str) -> None:
    assert webvtt.render(webvtt.parse(text)) == b"WEBVTT\n"


def test_a_flood_of_cues_is_bounded() -> None:
    text = "".join(f"{n}\n00:00:01,000 --> 00:00:02,000\nx\n\n" for n in range(webvtt.MOST_CUES + 10))
    assert len(webvtt.parse(text)) == webvtt.MOST_CUES


def test_the_well_known_shape_is_read() -> None:
    assert webvtt.parse(SRT) == [webvtt.Cue(1.0, 2.5, "Déjà vu")]
