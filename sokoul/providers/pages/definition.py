"""What a page definition may say; the published JSON schema is made from this."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from sokoul.config.types import Loose, Section, Text, Texts
from sokoul.domain.pages import Act
from sokoul.providers.pages import template

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HOST = re.compile(r"(\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[?[0-9a-f:.]+\]?", re.IGNORECASE)
_FIELD = re.compile(r"[a-z][a-z_]{0,30}")
# What a definition gets from the question, and what a captured request brings along.
ASKED = frozenset({"title", "query", "year", "season", "episode", "imdb", "tmdb"})
CAPTURED = frozenset({"captured", "height", "languages", "page"})


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("should be of small letters, digits and hyphens, at most 40")
    return text


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError('should be a host such as films.example, or "*.films.example" for all below it')
    return text.lower()


def _regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    return text


def _template(text: str) -> str:
    template.check(text)
    return text


def _address(text: str) -> str:
    template.check(text)
    if not (text.startswith(("http://", "https://")) or template.is_whole(text)):
        raise ValueError("should begin with http:// or https://, or be one placeholder such as {link}")
    return text


Template = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_template)]
Address = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_address)]
Host = Annotated[str, AfterValidator(_host)]
Regex = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_regex)]


class Pick(Section):
    """Where a value is (`at`), and which part of it (the first group of `pattern`)."""

    at: str
    pattern: Regex


class PageStep(Section):
    """One thing to do on a page: exactly one of `goto`, `wait_for`, `click`, `fill`, `scroll`, `pause`."""

    goto: Address | None = None
    wait_for: Text | None = None
    click: Text | None = None
    fill: Text | None = None
    text: Template | None = Field(default=None, description="What `fill` types.")
    scroll: Text | Annotated[int, Field(ge=1, le=100_000)] | None = None
    pause: Annotated[float, Field(gt=0, le=10)] | None = None
    frames: Texts = Field(default=(), description="CSS selectors from the page to the frame it happens in.")
    within: Annotated[float, Field(gt=0, le=30)] = 5.0
    optional: bool = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        done = [act.value for act in Act if getattr(self, act.value) is not None]
        if len(done) != 1:
            raise ValueError(f"should hold exactly one of {', '.join(act.value for act in Act)}")
        if (self.fill is None) != (self.text is None):
            raise ValueError("`fill` and `text` belong together")
        return self

    @property
    def act(self) -> Act:
        """Which of them it is."""
        return next(act for act in Act if getattr(self, act.value) is not None)


class Capture(Section):
    """Which requests of the page are the film, by address patterns with `*`, and what of them is kept."""

    requests: Annotated[tuple[Text, ...], Loose, Field(min_length=1)] = (
        "*.m3u8*",
        "*.mpd*",
        "*.mp4*",
        "*.webm*",
    )
    headers: Annotated[tuple[Literal["referer", "origin", "user-agent", "cookie"], ...], Loose] = (
        "referer",
        "origin",
        "user-agent",
    )
    most: Annotated[int, Field(ge=1, le=10)] = 1


class Stage(Section):
    """One document or page: how it is got, and how it is read into items with fields."""

    url: Address
    parameters: Mapping[str, Template | int | Annotated[tuple[Template, ...], Loose]] = Field(
        default_factory=dict
    )
    via: Literal["http", "browser"] = "http"
    read: Literal["json", "html", "requests"] = "json"
    each: str = Field(default="", description="A path (`a.b[].c[]`) in JSON, a CSS selector in HTML.")
    fields: Mapping[str, str | Pick] = Field(default_factory=dict)
    where: Mapping[str, Regex] = Field(default_factory=dict, description="Only items whose field matches.")
    most: Annotated[int, Field(ge=1, le=50)] = 10
    steps: Annotated[tuple[PageStep, ...], Loose, Field(max_length=30)] = ()
    capture: Capture | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.via == "http" and self.steps:
            raise ValueError("steps: only a page opened with `via: browser` has steps")
        if (self.read == "requests") != (self.capture is not None):
            raise ValueError("read: `requests` and `capture` belong together")
        if self.read == "requests" and (self.fields or self.each):
            raise ValueError("fields: captured requests have no fields of their own")
        if unknown := set(self.where) - set(self.fields):
            raise ValueError(f"where: there is no field {sorted(unknown)[0]!r}")
        if wrong := [name for name in self.fields if not _FIELD.fullmatch(name)]:
            raise ValueError(f"fields: {wrong[0]!r} should be of small letters and _")
        if taken := (ASKED | CAPTURED) & set(self.fields):
            raise ValueError(f"fields: {sorted(taken)[0]!r} is taken; choose another name")
        return self


class OfferShape(Section):
    """How an item becomes an offer."""

    title: Template
    link: Address | None = Field(
        default=None, description="Where the bytes are; for captured requests not needed."
    )
    protocol: Literal["http", "hls", "torrent"] = "http"
    size: Template | None = None
    date: Template | None = None
    info_hash: Template | None = None


class Limits(Section):
    """Seconds for the whole of one search, and for one page in the browser."""

    seconds: Annotated[float, Field(gt=0, le=60)] = 25.0
    page_seconds: Annotated[float, Field(gt=0, le=60)] = 20.0


class Definition(Section):
    """One source: who it is, what it is asked, how its answers are read."""

    name: Annotated[str, AfterValidator(_name)]
    label: Text
    about: str = ""
    hosts: Annotated[tuple[Host, ...], Loose, Field(min_length=1)]
    block: Texts = ()
    kinds: Annotated[tuple[Literal["movie", "tv", "unknown"], ...], Loose] = ("movie", "tv", "unknown")
    without_browser: Literal["http", "flaresolverr", "no"] = "no"
    search: Stage
    detail: Stage | None = None
    offer: OfferShape
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        _only(set(ASKED), self.search, "search")
        known = set(ASKED) | _read_by(self.search)
        if self.detail is not None:
            _only(known, self.detail, "detail")
            known |= _read_by(self.detail)
        for key, text in self.offer:
            if isinstance(text, str) and key != "protocol":
                _names(text, known, f"offer.{key}")
        last = self.detail or self.search
        if last.capture is None and self.offer.link is None:
            raise ValueError("offer: needs a link, for no request is captured")
        return self

    @field_validator("search", mode="after")
    @classmethod
    def _search_lists(cls, stage: Stage) -> Stage:
        if stage.read != "requests" and not stage.fields:
            raise ValueError("fields: nothing is read from the results")
        return stage

    @property
    def uses_browser(self) -> bool:
        """Whether any of its pages is opened with the browser."""
        return any(stage.via == "browser" for stage in (self.search, self.detail) if stage is not None)


def _only(known: set[str], stage: Stage, where: str) -> None:
    """Every placeholder of the stage is known when its document is asked for."""
    _names(stage.url, known, f"{where}.url")
    for name, value in stage.parameters.items():
        for each in value if isinstance(value, tuple) else (str(value),):
            _names(each, known, f"{where}.parameters.{name}")
    for step in stage.steps:
        for text in (step.goto or "", step.text or ""):
            _names(text, known, f"{where}.steps")


def _read_by(stage: Stage) -> set[str]:
    """The names that its items have."""
    return {"page", *stage.fields, *(CAPTURED if stage.capture else ())}


def _names(text: str, known: set[str], where: str) -> None:
    if unknown := [name for name in template.names(text) if name not in known]:
        there = ", ".join(sorted(known))
        raise ValueError(f"{where}: nothing is called {unknown[0]!r} there (there is: {there})")


def json_schema() -> dict[str, Any]:
    """The schema for editors and other programs."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Definition.model_json_schema(),
        "title": "Sokoul page definition",
    }
