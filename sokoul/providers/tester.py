"""The Test buttons: one small question with the values on the page, and a plain answer with the cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from sokoul.config.providers import Providers
from sokoul.domain.errors import Invalid, NotFound, SokoulError
from sokoul.providers.trials.table import TRIALS
from sokoul.providers.trials.trial import Test, Values, Verdict

__all__ = ["IntegrationTester", "Test", "Values", "Verdict"]


class IntegrationTester:
    """Tries the integrations of the table and `others`; absent values are those `configured` now."""

    def __init__(self, configured: Callable[[], Providers], others: Mapping[str, Test] | None = None) -> None:
        self._configured, self._others = configured, dict(others or {})

    @property
    def known(self) -> frozenset[str]:
        """What can be tried."""
        return frozenset({*TRIALS, *self._others})

    async def test(self, integration: str, values: Values) -> Verdict:
        """The verdict; raises NotFound for an integration nobody knows, Invalid for a value of no use."""
        known = self._test(integration)
        if known is None:
            there = ", ".join(sorted(self.known))
            raise NotFound(f"There is no test for {integration!r}; there are: {there}")
        try:
            return await known(values)
        except (NotFound, Invalid):
            raise
        except SokoulError as err:
            return Verdict(ok=False, message=f"{err}.", cure=getattr(err, "cure", None))

    def _test(self, integration: str) -> Test | None:
        trial = TRIALS.get(integration)
        return partial(trial, self._configured()) if trial else self._others.get(integration)
