"""What an admin makes for programs."""

import pytest


@pytest.fixture
def users(made, eslbot):
    return lambda *arguments: eslbot("users", *arguments, "-c", made)




def test_a_token_is_shown_once_and_kept_as_a_digest(made, users):
    users("add", "lead", "--role", "supervisor", "--no-password")
    made_ = users("token", "new", "lead", "--label", "wallboard", "--scope", "calls:see", "--json").json
    assert made_["scopes"] == ["calls:see"]
    assert made_["token"].startswith(f"eslbot_{made_['id']}_")
    listed = users("token", "list", "lead", "--json")
    assert made_["token"] not in listed.out
    assert listed.json[0]["label"] == "wallboard"
    assert not any(made_["token"].encode() in file.read_bytes() for file in made.parent.glob("eslbot.db*"))
    assert users("token", "new", "lead", "--lasts", "soon").code == 2
    assert users("token", "revoke", made_["id"]).code == 0
    assert users("token", "list", "--json").json == []


def test_a_token_lasts_ninety_days_unless_it_is_told_for_how_long(users):
    users("add", "lead", "--role", "supervisor", "--no-password")
    usual = users("token", "new", "lead", "--json").json
    assert usual["until"] - usual["created"] == pytest.approx(90 * 86400, abs=1)
    assert users("token", "new", "lead", "--lasts", "forever", "--json").json["until"] is None


def test_no_token_is_made_for_nobody_or_for_what_there_is_not(users):
    users("add", "lead", "--role", "supervisor", "--no-password")
    assert users("token", "new", "nobody").code == 1
    said = users("token", "new", "lead", "--scope", "calls:everything")
    assert (said.code, "calls:everything" in said.err) == (1, True)
    assert users("token", "revoke", "nothing").code == 1
    assert users("token", "list", "--json").json == []
