"""Quality profiles: look, make, change, try out, take in; and what each person may have."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from sokoul.domain.media import MediaType, Wanted, Work
from sokoul.features.accounts.ports import Change
from sokoul.features.profiles.document import Name, ProfileBody, Resolution, Rules, lines, resolution
from sokoul.features.profiles.importing import take_in
from sokoul.features.profiles.model import Habits, Kept, Slot
from sokoul.features.profiles.preview import MOST_NAMES, Tried, Verdict, preview
from sokoul.features.profiles.service import check
from sokoul.features.profiles.trash import Given
from sokoul.features.search import document
from sokoul.web import keys
from sokoul.web.auth import caller, user
from sokoul.web.body import Body, parse, parse_query, path_id
from sokoul.web.lists import created, json_answer, listing_of, nothing


class NewBody(ProfileBody):
    """A new profile; what is left out has its default."""


class ProfileAnswer(ProfileBody):
    """A profile; a locked one is set in the configuration file. `default` is that of the person who asks.

    `household` is the one used when neither a search nor a person names one.
    """

    locked: bool
    default: bool
    household: bool


class ChangeBody(Rules):
    """A profile as it is to be from now on; another `name` renames it."""

    name: Name | None = None


class ProfileLine(BaseModel):
    """A profile in the list."""

    name: str
    locked: bool
    default: bool
    household: bool
    minimum: str | None
    cutoff: str | None
    until: str
    qualities: list[str]
    formats: int
    languages: list[str]
    screen: str | None


class HabitsBody(Body):
    """A person's own default profile, and the most they may have; null for none."""

    profile: Name | None = None
    ceiling: Resolution | None = None


class SlotBody(Body):
    """A place for one file of a title."""

    name: Name
    profile: Name


class SlotsBody(Body):
    """All places of a title, in order; none: one, of the default profile."""

    slots: Annotated[tuple[SlotBody, ...], Field(max_length=8)]


class SlotAnswer(SlotBody):
    """A place with the file that lies there; `enough`: nothing better is looked for."""

    file_id: uuid.UUID | None = None
    file_name: str | None = None
    enough: bool = False


class SlotsAnswer(BaseModel):
    """The places of a title; `would_fill` is the one that the release asked about would fill or better."""

    slots: list[SlotAnswer]
    would_fill: str | None = None


class SlotsQuery(Body):
    """The name of a release that may be wanted."""

    release: Annotated[str, Field(max_length=1000)] | None = None


class ImportDocument(Body):
    """One JSON file."""

    name: Annotated[str, Field(max_length=200)] = "pasted"
    text: Annotated[str, Field(min_length=2)]


class ImportBody(Body):
    """Files of the TRaSH guides, Radarr or Sonarr; `into` takes formats that come without a profile."""

    documents: Annotated[tuple[ImportDocument, ...], Field(min_length=1, max_length=1000)]
    app: Literal["radarr", "sonarr"] | None = None
    into: Name | None = None
    save: bool = True


class ImportAnswer(BaseModel):
    """What came of it; `notes` name what was not understood."""

    profiles: list[ProfileBody]
    formats: int
    notes: list[str]
    saved: bool


class TriedBody(Body):
    """A release name, and what a source says beside it."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    size_bytes: Annotated[int, Field(ge=0, le=1 << 50)] | None = None
    seeders: Annotated[int, Field(ge=0, le=10_000_000)] | None = None


class WantedBody(Body):
    """The work that was asked for; without a title each name is taken for the very work it names."""

    title: Annotated[str, Field(max_length=200)] = ""
    year: Annotated[int, Field(ge=1870, le=2200)] | None = None
    media_type: Literal["movie", "tv"] = "movie"
    runtime_minutes: Annotated[int, Field(ge=1, le=10_000)] | None = None
    original_language: Annotated[str, Field(pattern="^[a-z]{2}$")] | None = None
    season: Annotated[int, Field(ge=0, le=100_000)] | None = None
    episode: Annotated[int, Field(ge=0, le=100_000)] | None = None


class PreviewBody(Body):
    """A profile that need not be stored, and at most 200 names."""

    profile: Rules
    names: Annotated[tuple[TriedBody, ...], Field(max_length=MOST_NAMES)]
    wanted: WantedBody = WantedBody()


class PreviewItem(BaseModel):
    """A verdict; `place` is the name's line in the question."""

    place: int
    name: str
    quality: str
    accepted: bool
    score: int
    score_reasons: list[dict[str, Any]]
    refusals: list[dict[str, Any]]


class PreviewAnswer(BaseModel):
    """Best first."""

    items: list[PreviewItem]


async def profiles(request: web.Request) -> web.Response:
    """All of them by name."""
    service = request.app[keys.PROFILES]
    own = service.choose(None, user(request).id).name
    return listing_of(request, [_line(kept, own, service.default) for kept in service.all()])


async def one(request: web.Request) -> web.Response:
    """A whole profile."""
    return json_answer(_told(request, request.app[keys.PROFILES].get(request.match_info["name"])))


async def add(request: web.Request) -> web.Response:
    """A new one."""
    given = await parse(request, NewBody)
    kept = await request.app[keys.PROFILES].add(given.profile)
    await _audit(request, "profile.add", given.name, new=given.model_dump(mode="json", exclude_defaults=True))
    return created(_told(request, kept))


async def change(request: web.Request) -> web.Response:
    """Replace one; what the body leaves out has its default afterwards."""
    service, name = request.app[keys.PROFILES], request.match_info["name"]
    given = await parse(request, ChangeBody)
    old = Rules.of(service.get(name).profile).model_dump(mode="json", exclude_defaults=True)
    kept = await service.change(name, given.as_profile(given.name or name))
    new = given.model_dump(mode="json", exclude_defaults=True)
    await _audit(request, "profile.change", name, old=old, new=new)
    return json_answer(_told(request, kept))


async def drop(request: web.Request) -> web.Response:
    """Forget one."""
    service, name = request.app[keys.PROFILES], request.match_info["name"]
    old = Rules.of(service.get(name).profile).model_dump(mode="json", exclude_defaults=True)
    await service.drop(name)
    await _audit(request, "profile.drop", name, old=old)
    return nothing()


async def take(request: web.Request) -> web.Response:
    """Take in what others made."""
    given = await parse(request, ImportBody)
    taken = await take_in(
        request.app[keys.PROFILES],
        [Given(each.name, each.text) for each in given.documents],
        app=given.app,
        into=given.into,
        save=given.save,
    )
    for profile in taken.profiles if taken.saved else ():
        await _audit(request, "profile.import", profile.name)
    bodies = [_body(Kept(profile)) for profile in taken.profiles]
    return json_answer(
        {"profiles": bodies, "formats": taken.formats, "notes": taken.notes, "saved": taken.saved}
    )


async def try_out(request: web.Request) -> web.Response:
    """What a profile would say to these names."""
    given = await parse(request, PreviewBody)
    profile = request.app[keys.PROFILES].here(given.profile.as_profile("preview"))
    await check(profile)
    tried = [Tried(each.name, each.size_bytes, each.seeders) for each in given.names]
    found = await preview(profile, tried, _wanted(given.wanted), runtime=given.wanted.runtime_minutes)
    return json_answer({"items": [_item(verdict) for verdict in found]})


async def habits(request: web.Request) -> web.Response:
    """A person's own default and ceiling."""
    return json_answer(_habits(request.app[keys.PROFILES].habits(path_id(request))))


async def set_habits(request: web.Request) -> web.Response:
    """Set them."""
    service, user_id = request.app[keys.PROFILES], path_id(request)
    given = await parse(request, HabitsBody)
    old = _habits(service.habits(user_id))
    await service.set_habits(user_id, Habits(given.profile, lines(given.ceiling) or None))
    new = given.model_dump()
    change = Change("user.profile", "user", str(user_id), old, new)
    await request.app[keys.ACCOUNTS].audit(change, caller(request))
    return json_answer(new)


async def slots(request: web.Request) -> web.Response:
    """The places of a title."""
    asked = parse_query(request, SlotsQuery)
    return await _places(request, asked.release)


async def set_slots(request: web.Request) -> web.Response:
    """Set them all."""
    given = await parse(request, SlotsBody)
    wanted = [Slot(each.name, each.profile) for each in given.slots]
    await request.app[keys.PROFILES].set_slots(path_id(request), wanted)
    return await _places(request, None)


async def _places(request: web.Request, release: str | None) -> web.Response:
    places, would_fill = await request.app[keys.PROFILES].places(path_id(request), release)
    slots = [
        SlotAnswer(
            name=place.slot.name,
            profile=place.slot.profile,
            file_id=place.file.id if place.file else None,
            file_name=PurePosixPath(place.file.name).name if place.file else None,
            enough=place.enough,
        )
        for place in places
    ]
    return json_answer(SlotsAnswer(slots=slots, would_fill=would_fill))


def _told(request: web.Request, kept: Kept) -> dict[str, Any]:
    service = request.app[keys.PROFILES]
    own = service.choose(None, user(request).id).name
    return {
        **_body(kept),
        "locked": kept.locked,
        "default": kept.profile.name == own,
        "household": kept.profile.name == service.default,
    }


def _body(kept: Kept) -> dict[str, Any]:
    return {"name": kept.profile.name, **Rules.of(kept.profile).model_dump(mode="json")}


def _line(kept: Kept, own: str, household: str) -> ProfileLine:
    profile = kept.profile
    return ProfileLine(
        name=profile.name,
        locked=kept.locked,
        default=profile.name == own,
        household=profile.name == household,
        minimum=resolution(profile.minimum),
        cutoff=resolution(profile.cutoff),
        until=profile.until,
        qualities=[step.name for step in profile.steps if step.allowed],
        formats=len(profile.formats),
        languages=list(profile.languages),
        screen=profile.screen.name if profile.screen else None,
    )


def _habits(found: Habits) -> dict[str, Any]:
    return {"profile": found.profile, "ceiling": resolution(found.ceiling)}


def _wanted(given: WantedBody) -> Wanted | None:
    if not given.title.strip():
        return None
    work = Work(
        MediaType(given.media_type),
        given.title.strip(),
        given.year,
        runtime_minutes=given.runtime_minutes,
        original_language=given.original_language,
    )
    return Wanted(work, given.season, given.episode)


def _item(verdict: Verdict) -> dict[str, Any]:
    judged = verdict.judged
    return {
        "place": verdict.place,
        "name": judged.offer.title,
        "quality": verdict.quality,
        "accepted": not judged.rejected,
        "score": judged.score,
        "score_reasons": [document.reason(each) for each in judged.reasons],
        "refusals": [document.refusal(each) for each in judged.refusals],
    }


async def _audit(
    request: web.Request,
    action: str,
    name: str,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> None:
    await request.app[keys.ACCOUNTS].audit(Change(action, "profile", name, old, new), caller(request))
