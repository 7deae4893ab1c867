"""A configuration either loads whole, or every mistake in it is named with its place and a likely cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from sokoul.config.load import ConfigError, Loaded, load, with_settings
from sokoul.config.model import ROLES, Config


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(
    folder: Path,
    text: str | bytes,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Loaded:
    file = folder / "box.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return load(file, environ or {}, overrides)


def complaints(folder: Path, text: str | bytes, environ: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text, environ)
    return [line.removeprefix(f"{folder}/") for line in caught.value.lines]


MISTAKES = [
    ("http: {prot: 1}", "box.yaml:1: http.prot: unknown key; did you mean http.port?"),
    ("\n\nhttp:\n  host: x\n  prot: 1", "box.yaml:5: http.prot: unknown key; did you mean http.port?"),
    ("port: 80", "box.yaml:1: port: unknown key; did you mean http.port?"),
    ("liberary: {}", "box.yaml:1: liberary: unknown key; did you mean library?"),
    ("zzz: 1", "box.yaml:1: zzz: unknown key"),
    ('http: {port: "80"}', "box.yaml:1: http.port: should be a whole number"),
    ("http: {port: 80.0}", "box.yaml:1: http.port: should be a whole number"),
    ("http: {port: null}", "box.yaml:1: http.port: should be a whole number"),
    ("http: {port: 70000}", "box.yaml:1: http.port: should be less than or equal to 65535"),
    ("http: {port: true}", "box.yaml:1: http.port: should be a whole number"),
    ("http: 3000", "box.yaml:1: http: should be a mapping of keys"),
    ("http: [1]", "box.yaml:1: http: should be a mapping of keys"),
    ("roles: api", "box.yaml:1: roles: should be a list"),
    ("torrent: {dht: yes}", "box.yaml:1: torrent.dht: should be true or false"),
    (
        "providers:\n  tmdb:\n    api_key: 12",
        "box.yaml:3: providers.tmdb.api_key: should be text (put it in quotes)",
    ),
    ("library: {movies: 3}", "box.yaml:1: library.movies: should be a path (text)"),
    ("search: {timeout: .nan}", "box.yaml:1: search.timeout: should be a number"),
    ("log: {level: Info}", "should be one of debug, info, warning, error; did you mean info?"),
    ("\nroles:\n  - api\n  - scuot", "box.yaml:4: roles.1: should be one of"),
    ("library: {import: hardlnk}", "did you mean hardlink?"),
    ("library: {import_: copy}", "did you mean library.import?"),
    ("a: 1\na: 2", "box.yaml:2: a: given twice, first in line 1"),
    ("http:\n  port: 1\n  port: 1", "box.yaml:3: http.port: given twice, first in line 2"),
    ("providers:\n  indexers:\n    - {name: a}", "box.yaml:3: providers.indexers.0.url: is needed here"),
    ("providers:\n  indexers:\n    -", "box.yaml:3: providers.indexers.0: should be a mapping of keys"),
    (
        "providers:\n  indexers:\n"
        "    - {name: a, type: torznab, url: 'http://x'}\n    - {name: a, type: torznab, url: 'http://y'}",
        "box.yaml:2: providers.indexers: the name 'a' is used twice",
    ),
    ("providers: {tmdb: {base_url: 'ftp://x'}}", "should be an address such as http://host:port/path"),
    ("torrent: {listen: '6881'}", 'box.yaml:1: torrent.listen: should be "host:port"'),
    ("http: {trusted_proxies: [10.0.0.0/99]}", "http.trusted_proxies.0: should be an IP address or a range"),
    ("quality: {profiles: {hd: {minimum: 2160p}}}", "quality.profiles.hd.cutoff: 1080p is below"),
    ("torrent: {schedule: [{from: '8', to: '09:00'}]}", "torrent.schedule.0.from: should be a time of day"),
    ("services: {pools: {postgres: [9, 3]}}", "services.pools.postgres: the first number (least) is above"),
    ("http: {port: 1", "box.yaml:"),
    ("\thttp: 1", "box.yaml:1: not YAML: "),
    ("- a", "box.yaml:1: the file should hold keys with values"),
    ("just words", "box.yaml:1: the file should hold keys with values"),
    ("http: !!python/object:os.system {}", "is not allowed here"),
    ("http: {host: !!python/name:os.system ''}", "is not allowed here"),
    ("http: {port: !!int abc}", "box.yaml:1: http.port: should be a number"),
    ("? [a, b]\n: 1", "box.yaml:1: a key should be a plain word"),
    ("a: 1\n---\nb: 2", "box.yaml:2: not YAML: "),
    ("a: \x07", "not YAML: "),
    (b"http:\n  host: caf\xe9", "box.yaml:2: the file is not UTF-8 text"),
    ("metrics: {token: 'file:gone'}", "box.yaml:1: metrics.token: file:gone: no such file or directory"),
    ("metrics: {token: 'file:.'}", "metrics.token: file:.: is a directory"),
]


@pytest.mark.parametrize(("text", "expected"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_named_with_file_line_key_and_cure(
    folder: Path, text: str | bytes, expected: str
) -> None:
    assert any(expected in line for line in complaints(folder, text)), complaints(folder, text)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(folder: Path) -> None:
    lines = complaints(
        folder, "http: {prot: 1}\nlog: {level: loud}\nsearch: {timeout: x}", {"SOKOUL_X__Y": "1"}
    )
    assert [line.split(":")[0:2] for line in lines[:3]] == [
        ["box.yaml", "1"],
        ["box.yaml", "2"],
        ["box.yaml", "3"],
    ]
    assert lines[3] == "SOKOUL_X__Y: x: unknown key"


def test_an_alias_bomb_is_refused_quickly(folder: Path) -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefg", "bcdefgh", strict=True)
    ]
    assert "the file holds too much" in complaints(folder, "\n".join(rows))[0]


def test_a_recursive_alias_is_refused(folder: Path) -> None:
    assert "the file holds too much" in complaints(folder, "a: &a [*a]")[0]


@pytest.mark.parametrize("text", ["", "# nothing\n", "http:\ntorrent:\nproviders:\n  indexers:\n", "\ufeff"])
def test_an_empty_file_and_empty_groups_give_the_defaults(folder: Path, text: str) -> None:
    loaded = read(folder, text)
    assert loaded.config.http == Config().http
    assert loaded.config.roles == ROLES
    assert loaded.locked == frozenset()


def test_words_that_old_yaml_turns_into_booleans_numbers_and_dates_stay_words(folder: Path) -> None:
    text = "scheduler: {scan: off, clean: 2026-11-20, back: 12:30}\nsubtitles: {languages: [no, on]}"
    config = read(folder, text).config
    assert config.scheduler == {"scan": "off", "clean": "2026-11-20", "back": "12:30"}
    assert config.subtitles.languages == ("no", "on")


def test_relative_paths_start_at_the_folder_of_the_file(folder: Path) -> None:
    (folder / "etc").mkdir()
    text = "state_dir: ../s\nplayback: {ffmpeg: ./bin/ffmpeg}\n"
    text += "providers: {pages: {definitions: [a.yaml, internet-archive]}}"
    (folder / "etc" / "box.yaml").write_text(text)
    config = load(Path("etc/box.yaml"), {}).config
    assert config.state_dir == folder / "s"
    assert config.library.movies == folder / "etc/media/movies"
    assert config.torrent.directory == folder / "etc/downloads"
    assert config.playback.ffmpeg == str(folder / "etc/bin/ffmpeg")
    assert config.playback.ffprobe == "ffprobe"
    assert config.providers.pages.definitions == (str(folder / "etc/a.yaml"), "internet-archive")


def test_without_a_file_the_current_folder_is_used(folder: Path) -> None:
    assert load(None, {}).config.state_dir == folder / "state"
    (folder / "sokoul.yaml").write_text("http: {port: 4000}")
    loaded = load(None, {})
    assert (loaded.config.http.port, loaded.file) == (4000, Path("sokoul.yaml"))


def test_a_named_file_that_is_missing_is_a_mistake(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.yaml: cannot be read: no such file"):
        load(folder / "gone.yaml", {})


def test_the_environment_beats_the_file_and_flags_beat_the_environment(folder: Path) -> None:
    environ = {"SOKOUL_HTTP__PORT": "2", "SOKOUL_HTTP__HOST": "10.0.0.1"}
    config = read(folder, "http: {port: 1, public_url: 'http://a'}", environ, {"http.host": "::1"}).config
    assert (config.http.port, config.http.host, config.http.public_url) == (2, "::1", "http://a")


@pytest.mark.parametrize(
    ("name", "text", "read_back"),
    [
        ("SOKOUL_STATE_DIR", "/srv/sokoul", lambda c: str(c.state_dir) == "/srv/sokoul"),
        ("SOKOUL_ROLES", "[api, scout]", lambda c: c.roles == ("api", "scout")),
        ("SOKOUL_TORRENT__DHT", "false", lambda c: c.torrent.dht is False),
        ("SOKOUL_SEARCH__TIMEOUT", "2", lambda c: c.search.timeout == 2),
        ("SOKOUL_PROVIDERS__TMDB__API_KEY", "0123", lambda c: secret(c.providers.tmdb.api_key) == "0123"),
        ("SOKOUL_PROVIDERS__TMDB__API_KEY", "a: b", lambda c: secret(c.providers.tmdb.api_key) == "a: b"),
        ("SOKOUL_PROVIDERS__TMDB__API_KEY", "@%&*", lambda c: secret(c.providers.tmdb.api_key) == "@%&*"),
        ("SOKOUL_PROVIDERS__TMDB__API_KEY", "true", lambda c: secret(c.providers.tmdb.api_key) == "true"),
        ("SOKOUL_LIBRARY__IMPORT", "copy", lambda c: c.library.import_ == "copy"),
        (
            "SOKOUL_QUALITY__PROFILES__HD__CUTOFF",
            "2160p",
            lambda c: c.quality.profiles["hd"].cutoff == "2160p",
        ),
        ("SOKOUL_TELEGRAM__ALLOWED_CHATS", "[1, -2]", lambda c: c.telegram.allowed_chats == (1, -2)),
        ("SOKOUL_HTTP", "{port: 7}", lambda c: c.http.port == 7),
        ("SOKOUL_HTTP__PUBLIC_URL", "null", lambda c: c.http.public_url is None),
        ("SOKOUL_HTTP__PORT", "", lambda c: c.http.port == 3000),
    ],
)
def test_any_key_can_come_from_the_environment(
    folder: Path, name: str, text: str, read_back: Callable[[Config], bool]
) -> None:
    assert read_back(read(folder, "", {name: text}).config)


def secret(value: object) -> object:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def test_one_item_of_a_list_can_come_from_the_environment(folder: Path) -> None:
    text = "providers: {indexers: [{name: a, type: torznab, url: 'http://x'}]}"
    config = read(folder, text, {"SOKOUL_PROVIDERS__INDEXERS__0__API_KEY": "123"}).config
    assert secret(config.providers.indexers[0].api_key) == "123"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SOKOUL_HTTP__PROT", "SOKOUL_HTTP__PROT: http.prot: unknown key; did you mean SOKOUL_HTTP__PORT?"),
        ("SOKOUL_HTPT__PORT", "SOKOUL_HTPT__PORT: htpt: unknown key; did you mean SOKOUL_HTTP?"),
        ("SOKOUL_STATEDIR", "SOKOUL_STATEDIR: statedir: unknown key; did you mean SOKOUL_STATE_DIR?"),
        ("SOKOUL_HTTP__PORT", "SOKOUL_HTTP__PORT: http.port: should be a whole number"),
        ("SOKOUL_PROVIDERS__INDEXERS__3__URL", "the list has no place 3"),
    ],
)
def test_a_wrong_variable_is_refused_by_its_name(folder: Path, name: str, expected: str) -> None:
    assert any(expected in line for line in complaints(folder, "", {name: "words"}))


def test_variables_that_are_no_keys_are_left_alone(folder: Path) -> None:
    environ = {
        "SOKOUL_SHARED": "/x",
        "SOKOUL_REQUIRE_SHARED": "1",
        "SOKOUL_PORT_3000_TCP": "tcp://",
        "HOME": "/",
    }
    assert read(folder, "", environ).config.http.port == 3000


def test_a_secret_comes_from_a_file_and_never_shows(folder: Path) -> None:
    (folder / "key").write_text("1234\n")
    loaded = read(
        folder,
        f"metrics: {{token: 'file:{folder}/key'}}\nsmtp: {{url: 'file:url'}}".replace(
            "file:url", "smtp://u:hush@h"
        ),
    )
    assert secret(loaded.config.metrics.token) == "1234"
    assert "1234" not in repr(loaded)
    assert "hush" not in repr(loaded)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"\xff\xfe", "not utf-8"), (b"x" * 70000, "larger")]
)
def test_a_secret_file_that_cannot_be_right_is_refused(folder: Path, content: bytes, reason: str) -> None:
    (folder / "key").write_bytes(content)
    assert reason in complaints(folder, "metrics: {token: 'file:key'}")[0]


def test_no_message_repeats_a_secret(folder: Path) -> None:
    lines = complaints(folder, "services: {postgres: 'hush hush'}\nproviders: {tmdb: {api_key: [hush]}}")
    assert len(lines) == 2
    assert "hush" not in "".join(lines)


def test_locked_names_what_file_environment_and_flags_fix(folder: Path) -> None:
    text = "http: {port: 1, public_url: null}\nproviders: {indexers: []}\nroles: [api]"
    loaded = read(folder, text, {"SOKOUL_LOG__LEVEL": "debug"}, {"http.host": "::1"})
    assert loaded.locked == {"http.port", "providers.indexers", "roles", "log.level", "http.host"}


def test_settings_made_on_the_web_fill_what_nothing_else_fixes(folder: Path) -> None:
    loaded = read(folder, "http: {port: 1}\nmetrics: {token: kept}")
    wished = {"http.port": 9, "library.movies": "/films", "providers.tmdb.api_key": "k"}
    config = with_settings(loaded.config, loaded.locked, wished)
    assert config.http.port == 1
    assert config.library.movies == Path("/films")
    assert secret(config.providers.tmdb.api_key) == "k"
    assert secret(config.metrics.token) == "kept"
    with pytest.raises(ConfigError, match=r"settings: search\.timeout"):
        with_settings(loaded.config, loaded.locked, {"search.timeout": "x"})
