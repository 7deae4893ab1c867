"""Passwords: what is accepted, how long an answer takes, how many may wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import bcrypt
import pytest

from sokoul.domain.errors import Invalid, TooMany
from sokoul.features.accounts.passwords import Passwords


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords(cost=4)
    yield passwords
    passwords.close()


async def test_hashes_and_compares(passwords: Passwords) -> None:
    hashed = await passwords.hash("correct horse")
    assert hashed.startswith("$2b$04$")
    assert await passwords.matches("correct horse", hashed)
    assert not await passwords.matches("Correct horse", hashed)
    assert not await passwords.matches("correct horse", None)


def test_the_cost_is_twelve() -> None:
    passwords = Passwords()
    assert passwords._cost == 12
    assert passwords._nobody.startswith(b"$2b$12$")
    passwords.close()


@pytest.mark.parametrize("password", ["x" * 7, "x" * 73, "é" * 37, "null\0null"])
async def test_what_bcrypt_cannot_hold_is_refused(passwords: Passwords, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        await passwords.hash(password)
    assert refused.value.field == "password"


@pytest.mark.parametrize("password", ["x" * 8, "x" * 72, "é" * 36, "  blanks  ", "🎬🎬🎬🎬🎬🎬🎬🎬"])
async def test_the_rest_is_kept_as_it_is(passwords: Passwords, password: str) -> None:
    hashed = await passwords.hash(password)
    assert bcrypt.checkpw(password.encode(), hashed.encode())
    assert await passwords.matches(password, hashed)
    assert not await passwords.matches(password.strip()[:-1], hashed)


async def test_an_unknown_user_costs_as_much_time_as_a_wrong_password() -> None:
    passwords = Passwords(cost=8)
    hashed = await passwords.hash("correct horse")
    took: dict[str | None, list[float]] = {hashed: [], None: []}
    for number in range(60):
        for known in sorted(took, key=lambda key: (key is None) ^ (number % 2)):
            started = time.perf_counter()
            await passwords.matches("wrong password", known)
            took[known].append(time.perf_counter() - started)
    passwords.close()
    # The quickest of many is what the work itself costs, however busy the machine is.
    assert 0.7 < min(took[hashed]) / min(took[None]) < 1.4


async def test_beyond_two_at_work_and_ten_waiting_it_is_full() -> None:
    passwords = Passwords(cost=10)
    attempts = [asyncio.ensure_future(passwords.matches("x", None)) for _ in range(20)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    passwords.close()
    assert sum(isinstance(outcome, TooMany) for outcome in outcomes) == 8
    assert outcomes.count(False) == 12


async def test_hashing_leaves_the_loop_alone() -> None:
    passwords = Passwords(cost=11)
    hashing = asyncio.ensure_future(passwords.hash("correct horse"))
    turns, longest = 0, 0.0
    while not hashing.done():
        started = time.thread_time()
        await asyncio.sleep(0)
        turns, longest = turns + 1, max(longest, time.thread_time() - started)
    passwords.close()
    # The thread's own time: on a busy machine the loop waits for a processor as everybody does.
    assert turns > 50 and longest < 0.1
