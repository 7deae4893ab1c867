"""From a document to items with named values: JSON by paths, HTML by CSS selectors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from sokoul.domain.errors import ProviderUnavailable
from sokoul.providers.pages.definition import Pick, Stage
from sokoul.providers.text import clean

LONGEST: Final = 2000
MOST_ITEMS: Final = 500
# A row that lacks a field is searched to its end: many long rows would take minutes.
_MOST_HTML: Final = 4 * 1024 * 1024
_MOST_ROWS: Final = 100
# Seconds for one expression on one value: both may come from people who mean no good.
_PATIENCE: Final = 0.05
Item = dict[str, str]


def items(stage: Stage, source: str, body: bytes, base: str = "") -> list[Item]:
    """The items of a document that have the wanted values, `most` of them; some milliseconds of work.

    `base` is the address from which the links of HTML start. Raises ProviderUnavailable for no document.
    """
    found = _json(stage, source, body) if stage.read == "json" else _html(stage, body, base)
    fitting = (each for each in found if _wanted(stage.where, each))
    return [each for _, each in zip(range(stage.most), fitting, strict=False)]


def check_selectors(stage: Stage) -> tuple[str, str] | None:
    """The key and the selector that HTML reading would stumble over, or None."""
    if stage.read != "html":
        return None
    empty = LexborHTMLParser("<p></p>")
    selectors = {"each": stage.each} | {
        f"fields.{name}": (pick.at if isinstance(pick, Pick) else pick).partition("@")[0]
        for name, pick in stage.fields.items()
    }
    for key, selector in selectors.items():
        try:
            if selector.strip():
                empty.css(selector)
        except SelectolaxError:
            return key, selector
    return None


def _wanted(where: Mapping[str, str], item: Item) -> bool:
    return all(_search(pattern, item.get(name, "")) is not None for name, pattern in where.items())


def _search(pattern: str, text: str) -> regex.Match[str] | None:
    try:
        return regex.search(pattern, text, timeout=_PATIENCE)
    except TimeoutError:
        return None


def _picked(pick: str | Pick, text: str) -> str:
    text = clean(text, LONGEST)
    if not isinstance(pick, Pick):
        return text
    found = _search(pick.pattern, text)
    if found is None:
        return ""
    return found[1] if found.re.groups and found[1] is not None else found[0]


# JSON


def _json(stage: Stage, source: str, body: bytes) -> Iterator[Item]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderUnavailable(
            f"{source} did not answer in JSON",
            cure="Open its address in a browser: it may be down, or changed.",
        ) from error
    for path in stage.each.split(","):
        for chain in _chains(document, path.strip()):
            yield {name: _picked(pick, _at(chain, pick)) for name, pick in stage.fields.items()}


def _chains(document: Any, path: str) -> list[list[Any]]:
    """Every item at the path, each behind the elements of lists that it is in; the last step is a list."""
    chains = [[document]]
    *_, last = parts = path.split(".")
    for part in parts if path else ():
        many = part.endswith("[]") or part is last
        chains = [each for chain in chains for each in _down(chain, part.removesuffix("[]"), many=many)]
        chains = chains[:MOST_ITEMS]
    return chains


def _down(chain: list[Any], name: str, *, many: bool) -> list[list[Any]]:
    """One step into the document; a step into a list remembers what it was in, for `^`."""
    here = _member(chain[-1], name) if name else chain[-1]
    if not many:
        return [[*chain[:-1], here]]
    return [[*chain, one] for one in _listed(here)]


def _listed(here: Any) -> list[Any]:
    if isinstance(here, Mapping):
        return list(here.values())
    return here if isinstance(here, list) else []


def _at(chain: list[Any], pick: str | Pick) -> str:
    path = pick.at if isinstance(pick, Pick) else pick
    climbing = len(path) - len(path.lstrip("^"))
    if climbing >= len(chain):
        return ""
    here = chain[-1 - climbing]
    for name in filter(None, path[climbing:].split(".")):
        here = _member(here, name)
    return _text(here)


def _member(here: Any, name: str) -> Any:
    if isinstance(here, Mapping):
        return here.get(name)
    if isinstance(here, list) and name.isdecimal() and len(name) < 5 and int(name) < len(here):
        return here[int(name)]
    return None


def _text(value: Any) -> str:
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


# HTML


def _html(stage: Stage, body: bytes, base: str) -> Iterator[Item]:
    tree = LexborHTMLParser(body[:_MOST_HTML])
    rows = tree.css(stage.each)[:_MOST_ROWS] if stage.each else [tree.root] if tree.root else []
    for row in rows:
        yield {name: _picked(pick, _in_row(row, pick, base)) for name, pick in stage.fields.items()}


def _in_row(row: LexborNode, pick: str | Pick, base: str) -> str:
    selector, _, attribute = (pick.at if isinstance(pick, Pick) else pick).partition("@")
    node = row.css_first(selector.strip()) if selector.strip() else row
    if node is None:
        return ""
    if attribute:
        value = node.attributes.get(attribute.strip()) or ""
        return _joined(base, value) if attribute.strip().endswith(("href", "src")) else value
    return str(node.text(separator=" "))


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""
