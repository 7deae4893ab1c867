"""Definitions in files: what ships, what is wrong and where, the published schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from sokoul.providers.pages import loading
from sokoul.providers.pages.definition import Definition, json_schema
from sokoul.testing.fake_player_site import FakePlayerSite

GOOD = FakePlayerSite(port=80).definition


def problems(text: str, folder: Path) -> tuple[str, ...]:
    """What is told of a definition with this text."""
    file = folder / "site.yaml"
    file.write_text(text, encoding="utf-8")
    found = loading.read(file)
    assert isinstance(found, loading.Broken), found
    return tuple(line.removeprefix(f"{folder}/") for line in found.problems)


def test_what_ships() -> None:
    names = [each.name for each in loading.shipped()]
    assert names == ["blender-open-films", "internet-archive", "wikimedia-commons"]
    assert not any(each.uses_browser for each in loading.shipped())


def test_the_schema_takes_what_is_good() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for text in (GOOD, *(file.read_text() for file in loading.SHIPPED.glob("*.yaml"))):
        jsonschema.validate(yaml.safe_load(text), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**yaml.safe_load(GOOD), "hosst": []}, schema)


def test_the_published_schema_is_this_one() -> None:
    published = Path(__file__).parents[3] / "docs" / "pages.schema.json"
    assert json.loads(published.read_text()) == json_schema(), (
        "run: sokoul pages schema > docs/pages.schema.json"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("label:", "lable:", "site.yaml:2: lable: unknown key; did you mean label?"),
        (
            "[films.test, player.test, cdn.test]",
            "['https://films.test/']",
            "site.yaml:3: hosts.0: should be a host",
        ),
        (
            "via: browser",
            "via: brwser",
            "site.yaml:13: detail.via: should be one of http, browser; did you mean",
        ),
        ('q: "{title}"', 'q: "{titel}"', "search.parameters.q: nothing is called 'titel' there"),
        ('"{href}"', '"{link}"', "detail.url: nothing is called 'link' there"),
        ('"{href}"', "ftp://films.test/", "site.yaml:12: detail.url: should begin with http://"),
        ("each: li.film", 'each: "li["', "site.yaml:8: search.each: 'li[' is not a CSS selector"),
        (
            '{click: "#play",',
            '{clik: "#play",',
            "site.yaml:16: detail.steps.0.clik: unknown key; did you mean",
        ),
        (
            '{click: "#play",',
            '{click: "#play", pause: 1,',
            "site.yaml:16: detail.steps.0: should hold exactly one",
        ),
        ("most: 2", "most: many", "site.yaml:10: search.most: should be a whole number"),
        ("name: films-test", "name: Films Test", "site.yaml:1: name: should be of small letters"),
        ("read: requests", "read: html", "read: `requests` and `capture` belong together"),
        ("size: i}", "title: i}", "fields: 'title' is taken"),
        ("offer:", "where: 3\noffer:", "site.yaml:18: where: unknown key"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1), tmp_path)
    assert any(told in line for line in found), found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is needed here"),
        ("- a", "keys with values"),
        ("a: [", "not YAML"),
        ("name: &a [*a]", "holds too much"),
    ],
)
def test_what_is_no_definition(text: str, told: str, tmp_path: Path) -> None:
    found = problems(text, tmp_path)
    assert any(told in line for line in found), found


def test_names_files_and_folders(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "one.yaml").write_text(GOOD)
    (folder / "two.yml").write_text(GOOD)
    (folder / "read.me").write_text("no")
    found = loading.load(["internet-archive", str(folder), "nobody", str(tmp_path / "gone.yaml")])
    kinds = [(each.name, isinstance(each, Definition)) for each in found]
    assert kinds == [
        ("internet-archive", True),
        ("films-test", True),
        ("films-test-2", False),
        ("nobody", False),
        ("gone", False),
    ]
    assert "there is: blender-open-films" in str(found[3])
    assert "cannot be read" in str(found[4])


def test_the_example_in_the_documentation_is_one(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "pages.md").read_text()
    blocks = text.split("```yaml\n")[1:]
    [example] = [block.partition("```")[0] for block in blocks if block.startswith("name:")]
    file = tmp_path / "example.yaml"
    file.write_text(example)
    found = loading.read(file)
    assert isinstance(found, Definition), found
    assert found.uses_browser
