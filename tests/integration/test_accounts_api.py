"""Set-up, sign-in, refresh, sign-out and API keys over HTTP on a real database."""

from __future__ import annotations

import asyncio
import stat
import uuid
from collections.abc import Awaitable, Callable

import pytest

from sokoul.domain.users import UserRole
from sokoul.store.database import Database
from tests.site import PASSWORD, Site

FIRST = {"username": "root", "email": "root@example.org", "password": PASSWORD}
Sites = Callable[..., Awaitable[Site]]


async def test_the_first_account_is_an_admin_and_there_is_only_one_first(site: Site) -> None:
    reply = await site.ask("GET", "/api/v1/setup")
    assert await reply.json() == {"needed": True, "code_required": False}
    reply = await site.ask("POST", "/api/v1/setup", json={**FIRST, "role": "user"})
    assert reply.status == 201
    made = (await reply.json())["user"]
    assert (made["username"], made["role"]) == ("root", "admin")
    assert set(made) == {"id", "username", "email", "role"}
    assert (await site.ask("POST", "/api/v1/setup", json=FIRST)).status == 410
    assert (await site.ask("POST", "/api/v1/setup", data=b"{")).status == 410
    assert await (await site.ask("GET", "/api/v1/setup")).json() == {"needed": False, "code_required": False}


async def test_of_two_set_ups_at_once_one_wins(site: Site) -> None:
    bodies = [{**FIRST, "username": f"root{n}", "email": f"root{n}@example.org"} for n in range(6)]
    replies = await asyncio.gather(*(site.ask("POST", "/api/v1/setup", json=body) for body in bodies))
    assert sorted(reply.status for reply in replies) == [201, *[410] * 5]


async def test_the_code_is_asked_for_counted_and_used_up(sites: Sites) -> None:
    site = await sites(code_required=True)
    code = await site.accounts.prepare_setup()
    file = site.state_dir / "setup-code"
    assert code == file.read_text().strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (await (await site.ask("GET", "/api/v1/setup")).json())["code_required"] is True
    for wrong in (None, "", "AAAA-BBBB-CCCC", "é", code[:-1]):
        reply = await site.ask("POST", "/api/v1/setup", json={**FIRST, "code": wrong})
        assert reply.status == 403
    reply = await site.ask("POST", "/api/v1/setup", json={**FIRST, "code": code})
    assert reply.status == 429
    assert 800 < int(reply.headers["Retry-After"]) <= 900


async def test_the_right_code_works_in_small_letters_without_dashes(sites: Sites) -> None:
    site = await sites(code_required=True)
    code = await site.accounts.prepare_setup()
    assert code is not None
    given = code.lower().replace("-", "")
    assert (await site.ask("POST", "/api/v1/setup", json={**FIRST, "code": given})).status == 201
    assert not (site.state_dir / "setup-code").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "   "),
        ("username", "x" * 65),
        ("username", "a\nb"),
        ("username", 5),
        ("email", "nobody"),
        ("email", "a@b\u2028c"),
        ("password", "short"),
        ("password", "x" * 73),
        ("password", "é" * 40),
        ("password", None),
        ("password", "null\0byte"),
    ],
)
async def test_a_wrong_field_is_named(site: Site, field: str, value: object) -> None:
    reply = await site.ask("POST", "/api/v1/setup", json={**FIRST, field: value})
    assert reply.status == 422
    problem = await reply.json()
    assert reply.content_type == "application/problem+json"
    assert problem["status"] == 422
    assert problem["errors"][0]["field"] in (field, "body")
    assert problem["request_id"] == reply.headers["X-Request-Id"]


async def test_signing_in_gives_tokens_and_cookies(site: Site) -> None:
    alice = await site.person("alice")
    reply = await site.ask("POST", "/api/v1/auth/login", json={"username": "Alice", "password": PASSWORD})
    assert reply.status == 200
    answer = await reply.json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert answer["user"] == {
        "id": str(alice.id),
        "username": "alice",
        "email": "alice@example.org",
        "role": "user",
    }
    access, refresh = reply.cookies["sokoul_access"], reply.cookies["sokoul_refresh"]
    assert (access["path"], refresh["path"]) == ("/", "/api/v1/auth")
    for cookie in (access, refresh):
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["secure"]
    me = await site.ask(
        "GET", "/api/v1/auth/me", headers={"Authorization": f"Bearer {answer['access_token']}"}
    )
    assert await me.json() == answer["user"]


async def test_cookies_are_secure_behind_https(sites: Sites) -> None:
    site = await sites(settings={"http": {"public_url": "https://tv.example.org"}})
    await site.person("alice")
    body = {"username": "alice", "password": PASSWORD}
    headers = {"Host": "tv.example.org"}
    reply = await site.ask("POST", "/api/v1/auth/login", json=body, headers=headers)
    assert "Secure" in reply.headers.getall("Set-Cookie")[0]


async def test_unknown_and_wrong_answer_alike(site: Site) -> None:
    await site.person("alice")
    answers = []
    for body in (
        {"username": "alice", "password": "wrong password"},
        {"username": "nobody", "password": "wrong password"},
        {"username": "%", "password": "wrong password"},
        {"username": "a" * 200, "password": "wrong password"},
    ):
        reply = await site.ask("POST", "/api/v1/auth/login", json=body)
        answers.append((reply.status, {**await reply.json(), "request_id": ""}))
    assert {status for status, _ in answers} == {401}
    assert all(answer == answers[0] for answer in answers)
    long = await site.ask("POST", "/api/v1/auth/login", json={"username": "alice", "password": "x" * 73})
    assert long.status == 422


async def test_registration_is_closed_unless_opened(sites: Sites) -> None:
    new = {"username": "bob", "email": "bob@example.org", "password": PASSWORD, "role": "admin"}
    closed = await sites()
    await closed.admin()
    assert (await closed.ask("POST", "/api/v1/auth/register", json=new)).status == 403
    opened = await sites(settings={"accounts": {"registration": "open"}})
    reply = await opened.ask("POST", "/api/v1/auth/register", json=new)
    assert reply.status == 201
    assert (await reply.json())["user"]["role"] == "user"
    again = await opened.ask("POST", "/api/v1/auth/register", json={**new, "username": "BOB"})
    assert again.status == 409


async def test_a_refresh_token_is_used_once_yet_a_lost_reply_can_be_asked_for_again(
    site: Site, database: Database
) -> None:
    alice = await site.person("alice")

    async def renew(token: str) -> tuple[int, dict[str, str]]:
        reply = await site.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": token})
        return reply.status, await reply.json()

    status, first = await renew(alice.refresh)
    again, second = await renew(alice.refresh)
    assert (status, again) == (200, 200)
    assert first["refresh_token"] == second["refresh_token"] != alice.refresh
    status, third = await renew(first["refresh_token"])
    assert status == 200

    await database.run("UPDATE sessions SET rotated_at = now() - interval '11 seconds'")
    status, _ = await renew(first["refresh_token"])
    assert status == 401
    status, _ = await renew(third["refresh_token"])
    assert status == 401, "the whole family is dead"
    me = await site.ask(
        "GET", "/api/v1/auth/me", headers={"Authorization": f"Bearer {third['access_token']}"}
    )
    assert me.status == 401


async def test_two_tabs_may_refresh_at_once(site: Site) -> None:
    alice = await site.person("alice")
    body = {"refresh_token": alice.refresh}
    replies = await asyncio.gather(*(site.ask("POST", "/api/v1/auth/refresh", json=body) for _ in range(8)))
    assert {reply.status for reply in replies} == {200}
    assert len({(await reply.json())["refresh_token"] for reply in replies}) == 1


@pytest.mark.parametrize("token", ["", "x", "AAAA", "A" * 64, "é", "A" * 512, "../" * 10])
async def test_no_refresh_token_is_no_way_in(site: Site, token: str) -> None:
    reply = await site.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": token})
    assert reply.status == 401


async def test_signing_out_kills_the_access_token(site: Site) -> None:
    alice = await site.person("alice")
    other = await site.sign_in(alice.account)
    assert (await site.ask("GET", "/api/v1/auth/me", alice)).status == 200
    assert (await site.ask("POST", "/api/v1/auth/logout", alice)).status == 204
    assert (await site.ask("GET", "/api/v1/auth/me", alice)).status == 401
    assert (await site.ask("GET", "/api/v1/auth/me", other)).status == 200
    reply = await site.ask("POST", "/api/v1/auth/refresh", json={"refresh_token": alice.refresh})
    assert reply.status == 401


async def test_role_password_and_disabling_take_effect_at_once(site: Site) -> None:
    root, alice = await site.admin(), await site.person("alice")
    path = f"/api/v1/admin/users/{alice.id}"
    assert (await site.ask("PUT", f"{path}/role", root, json={"role": "moderator"})).status == 200
    assert (await site.ask("GET", "/api/v1/auth/me", alice)).status == 401
    alice = await site.sign_in(alice.account)
    assert (await (await site.ask("GET", "/api/v1/auth/me", alice)).json())["role"] == "moderator"
    assert (await site.ask("PUT", path, root, json={"disabled": True})).status == 200
    assert (await site.ask("GET", "/api/v1/auth/me", alice)).status == 401
    body = {"username": "alice", "password": PASSWORD}
    assert (await site.ask("POST", "/api/v1/auth/login", json=body)).status == 401
    assert (
        await site.ask("PUT", path, root, json={"disabled": False, "password": "another one"})
    ).status == 200
    assert (await site.ask("POST", "/api/v1/auth/login", json=body)).status == 401
    body["password"] = "another one"
    assert (await site.ask("POST", "/api/v1/auth/login", json=body)).status == 200


async def test_the_last_admin_stays(site: Site) -> None:
    root = await site.admin()
    path = f"/api/v1/admin/users/{root.id}"
    assert (await site.ask("PUT", f"{path}/role", root, json={"role": "user"})).status == 409
    assert (await site.ask("PUT", path, root, json={"disabled": True})).status == 409
    second = await site.person("second", UserRole.ADMIN)
    replies = await asyncio.gather(
        site.ask("PUT", f"/api/v1/admin/users/{second.id}/role", root, json={"role": "user"}),
        site.ask("PUT", f"{path}/role", second, json={"role": "user"}),
    )
    assert 200 in {reply.status for reply in replies}
    _, total = await site.accounts.accounts(limit=10, offset=0)
    items, _ = await site.accounts.accounts(limit=10, offset=0)
    assert sum(account.role is UserRole.ADMIN for account in items) >= 1
    assert total == 2


async def test_an_api_key_works_until_it_is_dropped_or_its_owner_is_disabled(site: Site) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    made = await (await site.ask("POST", "/api/v1/auth/api-keys", alice, json={"name": "script"})).json()
    key = {"X-Api-Key": made["key"]}
    assert (await (await site.ask("GET", "/api/v1/auth/me", headers=key)).json())["username"] == "alice"
    listed = await (await site.ask("GET", "/api/v1/auth/api-keys", alice)).json()
    assert listed["total"] == 1
    assert "key" not in listed["items"][0]
    assert made["key"].startswith(listed["items"][0]["prefix"])
    path = f"/api/v1/auth/api-keys/{made['id']}"
    assert (await site.ask("DELETE", path, bob)).status == 404
    assert (await site.ask("DELETE", path, headers=key)).status == 204
    assert (await site.ask("GET", "/api/v1/auth/me", headers=key)).status == 401
    for wrong in ("", "sk_", "sk_" + "A" * 43, "é" * 46, "x" * 5000):
        reply = await site.ask("GET", "/api/v1/auth/me", headers={"X-Api-Key": wrong})
        assert reply.status == 401


async def test_ones_sessions_are_listed_and_ended(site: Site) -> None:
    alice, bob = await site.person("alice"), await site.person("bob")
    phone = await site.sign_in(alice.account)
    listed = await (await site.ask("GET", "/api/v1/auth/sessions", alice)).json()
    assert (listed["total"], listed["page"], listed["page_size"]) == (2, 1, 50)
    second = await (await site.ask("GET", "/api/v1/auth/sessions?page=2&page_size=1", alice)).json()
    assert second["items"] == listed["items"][1:]
    assert (await site.ask("GET", "/api/v1/auth/sessions?page_size=201", alice)).status == 422
    assert [entry["current"] for entry in listed["items"]].count(True) == 1
    other = next(entry["id"] for entry in listed["items"] if not entry["current"])
    assert (await site.ask("DELETE", f"/api/v1/auth/sessions/{other}", bob)).status == 404
    assert (await site.ask("DELETE", f"/api/v1/auth/sessions/{other}", alice)).status == 204
    assert (await site.ask("GET", "/api/v1/auth/me", phone)).status == 401


async def test_changes_are_written_down_with_who_and_what(site: Site) -> None:
    root, alice = await site.admin(), await site.person("alice")
    headers = {"X-Request-Id": "trail-1"}
    path = f"/api/v1/admin/users/{alice.id}/role"
    await site.ask("PUT", path, root, json={"role": "moderator"}, headers=headers)
    rows = (await (await site.ask("GET", "/api/v1/admin/audit-logs", root)).json())["items"]
    row = rows[0]
    assert len({uuid.UUID(one["id"]) for one in rows}) == len(rows)
    assert (row["action"], row["username"], row["object_id"]) == ("user.role", "root", str(alice.id))
    assert (row["old_value"], row["new_value"]) == ({"role": "user"}, {"role": "moderator"})
    assert (row["ip_address"], row["request_id"]) == ("127.0.0.1", "trail-1")
    assert PASSWORD not in str(rows)


async def test_nothing_secret_lies_in_the_tables(site: Site, database: Database) -> None:
    alice = await site.person("alice")
    made = await (await site.ask("POST", "/api/v1/auth/api-keys", alice, json={"name": "script"})).json()
    renewed = await site.accounts.refresh(alice.refresh)
    dump = ""
    for table in ("users", "sessions", "api_keys", "audit_logs"):
        dump += "".join(row["t"] for row in await database.rows(f"SELECT t::text AS t FROM {table} t"))
    for secret in (PASSWORD, made["key"], alice.refresh, renewed.refresh_token, renewed.access_token):
        assert secret not in dump
