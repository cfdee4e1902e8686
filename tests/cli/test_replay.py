"""The command line of a replay, over calls that were sealed."""

import json
import stat

import pytest

from tests.improve.conftest import NEW


def replay(eslbot, stored, *more):
    return eslbot(
        "replay", "--pack", stored.parent / "new.yaml", "--identity", stored.parent / "eslbot.key", "--jobs", "1",
        "-c", stored, *more,
    )  # fmt: skip


def test_it_compares_with_what_is_in_force_under_the_name_and_shows_the_lines(stored, eslbot):
    said = replay(eslbot, stored)
    assert (said.code, said.err) == (0, "")
    assert "5 calls judged" in said.out
    assert "+ promise  00000001-0000-4000-8000-000000000000" in said.out
    assert "这个 产品 保本" in said.out
    assert "- rude  " in said.out
    [row] = eslbot("audit", "list", "--json", "-c", stored).json
    assert (row["what"], row["subject"]) == ("key-use", "money 2")
    assert row["detail"].startswith("replay of sealed words, with age1")


def test_lines_with_their_numbers_in_are_in_the_audit_as_such(stored, eslbot):
    assert replay(eslbot, stored, "--unredacted").code == 0
    [row] = eslbot("audit", "list", "--json", "-c", stored).json
    assert "sealed unredacted words" in row["detail"]


def test_it_writes_a_page_and_a_report_for_their_owner_alone(stored, eslbot, tmp_path):
    said = replay(eslbot, stored, "--html", tmp_path / "r.html", "--report", tmp_path / "r.json", "--json")
    assert said.code == 0
    assert said.json == json.loads((tmp_path / "r.json").read_text())
    assert [one["pack"] for one in said.json["old"]] == ["money"]
    assert "这个 产品 保本" in (tmp_path / "r.html").read_text()
    for file in (tmp_path / "r.html", tmp_path / "r.json"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_days_are_days_here_and_the_last_is_included(stored, eslbot):
    day = "2026-11-19"
    assert replay(eslbot, stored, "--since", day, "--until", day, "--json").json["calls"]["judged"] == 1
    assert replay(eslbot, stored, "--since", "2027-01-01", "--json").json["rules"] == []


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--since", "soon"], "--since: 'soon' is no day"), (["--labels", "none.yaml"], "none.yaml"),
        (["--against", "none.yaml"], "none.yaml"),
    ],
)
def test_what_is_wrongly_asked_is_told_before_anything_is_opened(stored, eslbot, more, why):
    said = replay(eslbot, stored, *more)
    assert said.code == 2
    assert why in said.err


def test_a_pack_that_is_wrong_is_told_by_file_line_and_rule(stored, eslbot):
    (stored.parent / "new.yaml").write_text(NEW.replace("severe", "sever"))
    said = replay(eslbot, stored)
    assert said.code == 2
    assert "new.yaml:6: rule promise" in said.err


def test_a_strangers_key_judges_nothing_and_says_so(stored, eslbot, tmp_path):
    eslbot("keys", "new", "-o", tmp_path / "stranger.key")
    said = replay(eslbot, stored, "--identity", tmp_path / "stranger.key")
    assert said.code == 0
    assert "5 could not be judged" in said.out
    assert "00000000-0000-4000-8000-000000000000" in said.err
