"""Everything that can go wrong on purpose; one place in `web.errors` maps these to answers.

SokoulError
├── NotFound              unknown id, or another user's object      404
├── Forbidden             the role is too low                       403
├── NotSignedIn           no valid credentials                      401
├── WrongState            the object cannot do that now             409
├── Invalid               a field is wrong (field, message)         422
├── Faulty                several fields are wrong                 422
├── Refused               judged and turned down (code)             422
├── Gone                  was possible once, never again            410
├── TooMany               over a limit (retry_after)                429
└── Unavailable           a dependency did not answer               503
    └── ProviderUnavailable   an outside source could not be asked
"""

from __future__ import annotations

from collections.abc import Sequence


class SokoulError(Exception):
    """Base of all deliberate failures; the message is fit for a person to read."""


class NotFound(SokoulError):
    """There is no such thing for this user."""


class Forbidden(SokoulError):
    """The caller's role is too low."""


class NotSignedIn(SokoulError):
    """The caller has no valid credentials."""


class WrongState(SokoulError):
    """The object exists but cannot do that now."""


class Invalid(SokoulError):
    """One field of the input is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class Faulty(SokoulError):
    """Several fields are wrong: pairs of field and message."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in problems))
        self.problems = problems


class Refused(SokoulError):
    """The input was understood, judged and turned down; `code` is stable, the message is plain words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Gone(SokoulError):
    """It was possible once and never will be again."""


class TooMany(SokoulError):
    """A limit was reached; `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(SokoulError):
    """A dependency did not answer; `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: float = 5.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ProviderUnavailable(Unavailable):
    """An outside source could not be asked: different from "found nothing".

    `cure` tells a person what to do about it; `timed_out` marks a source that was only too slow, `skipped`
    one that was left in peace because it failed again and again; `rest` are the seconds for which the source
    itself wants to be left in peace.
    """

    def __init__(
        self,
        message: str,
        *,
        cure: str | None = None,
        timed_out: bool = False,
        skipped: bool = False,
        rest: float | None = None,
    ) -> None:
        super().__init__(message)
        self.rest = rest
        self.cure = cure
        self.timed_out = timed_out
        self.skipped = skipped
