"""Roles, what they may do, and whose calls they see."""

import pytest

from eslbot.supervise.access import MAY, Denied, Permission, Person, Staff, unix


def test_only_an_admin_manages_users_and_operates_the_service() -> None:
    for permission in (Permission.USERS, Permission.OPERATE, Permission.ERASE):
        assert [role for role in Staff if permission in MAY[role]] == [Staff.ADMIN]


def test_an_auditor_changes_nothing() -> None:
    assert MAY[Staff.AUDITOR] == {Permission.LIST, Permission.PLAY, Permission.AUDIT}


def test_a_supervisor_sees_the_teams_named_and_no_call_of_nobody() -> None:
    who = Person("lead", Staff.SUPERVISOR, "session", frozenset({"north"}))
    assert who.sees("north")
    assert not who.sees("south")
    assert not who.sees("")


def test_who_has_no_teams_named_sees_everybodys() -> None:
    assert Person("lead", Staff.QUALITY, "session").sees("")


def test_an_agent_sees_only_calls_that_are_the_agents_own() -> None:
    who = Person("lead", Staff.AGENT, "session", frozenset({"north"}))
    assert who.sees("north", agent="lead")
    assert not who.sees("north", agent="seat7")
    assert not who.sees("north")
    assert not Person("", Staff.AGENT, "session").sees("north", agent="")


def test_a_token_never_gives_more_than_its_scopes_nor_more_than_the_role() -> None:
    token = Person("lead", Staff.SUPERVISOR, "token", scopes=frozenset({Permission.SEE, Permission.USERS}))
    assert token.may(Permission.SEE)
    assert not token.may(Permission.ACT)
    assert not token.may(Permission.USERS)
    with pytest.raises(Denied, match="users:manage"):
        token.needs(Permission.USERS)


def test_an_account_cannot_sign_as_a_unix_user() -> None:
    assert unix("root").who == "root"
    assert Person("root", Staff.ADMIN, "session").who == "account:root"
