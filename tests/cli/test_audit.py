"""The audit as people read and prove it, over a real store, nobody running."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from eslbot.config import load
from eslbot.greenlets import Greenlets
from eslbot.store import Ledger, Store
from eslbot.store.chain import Entry

CALL = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"


@pytest.fixture
def audited(made):
    """`made`, with a store and three rows."""
    group = Greenlets()
    url = load(made, {}, secrets=False).store.url
    Store(url, group).stop()
    group.stop()
    Ledger(url).append(
        Entry("mute", "first", CALL, at_us=1_000_000),
        Entry("shadow", "second", detail="on", at_us=1_795_000_000_000_000),
        Entry("export", "third", CALL, "sha", "[red]why[/red]", at_us=2_000_000),
    )  # fmt: skip
    return made


def tamper(file, statement):
    engine = create_engine(load(file, {}, secrets=False).store.url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_the_list_is_in_the_order_of_what_was_done(audited, eslbot):
    rows = eslbot("audit", "list", "--json", "-c", audited).json
    assert [(row["seq"], row["who"], row["what"]) for row in rows] == [
        (1, "first", "mute"), (2, "second", "shadow"), (3, "third", "export"),
    ]  # fmt: skip
    assert "[red]why[/red]" in eslbot("audit", "list", "-c", audited).out


def test_the_list_narrows_by_call_and_time(audited, eslbot):
    assert [row["seq"] for row in eslbot("audit", "list", "--call", CALL, "--json", "-c", audited).json] == [1, 3]
    assert [row["seq"] for row in eslbot("audit", "list", "--since", "2026-01-01", "--json", "-c", audited).json] == [2]
    said = eslbot("audit", "list", "--since", "yesterday", "-c", audited)
    assert (said.code, len(said.err.splitlines())) == (2, 1)


def test_a_good_chain_is_said_to_be_so_and_what_was_not_proved_too(audited, eslbot):
    said = eslbot("audit", "verify", "-c", audited)
    assert (said.code, said.out) == (0, "3 rows, unbroken; no checkpoint was given: a cut tail would not show\n")
    assert eslbot("audit", "verify", "--json", "-c", audited).json["good"] is True


def test_the_first_bad_row_is_named(audited, eslbot):
    tamper(audited, "update audit set who = 'other' where seq = 2")
    said = eslbot("audit", "verify", "--json", "-c", audited)
    assert said.code == 1
    assert (said.json["good"], said.json["bad"]["row"], said.json["bad"]["kind"]) == (False, 2, "edited")
    assert said.err == "row 2 is not what was written: its digest does not fit\n"


def test_a_checkpoint_kept_elsewhere_shows_a_cut_tail(audited, eslbot, tmp_path):
    assert eslbot("audit", "key", "-o", audited.parent / "audit.key").code == 0
    seen = tmp_path / "elsewhere.jsonl"
    keys = f'key = "audit.key"\ncheckpoint = "{seen}"'
    audited.write_text(audited.read_text().replace('# key = "./audit.key"', keys))
    said = eslbot("audit", "checkpoint", "--json", "-c", audited)
    assert (said.code, said.json["seq"]) == (0, 3)
    assert json.loads(seen.read_text()) == said.json
    good = eslbot("audit", "verify", "--checkpoint", seen, "-c", audited)
    assert (good.code, good.out) == (0, "3 rows, unbroken, 1 checkpoints agree\n")
    tamper(audited, "delete from audit where seq = 3")
    assert eslbot("audit", "verify", "-c", audited).code == 0
    said = eslbot("audit", "verify", "--checkpoint", seen, "-c", audited)
    assert (said.code, said.err) == (1, "row 3 and what follows it are gone: a checkpoint saw row 3\n")
    public = audited.parent / "audit.key.pub"
    assert eslbot("audit", "verify", "--checkpoint", seen, "--public", public, "-c", audited).code == 1


def test_the_pages_program_finds_what_verify_finds(audited, eslbot):
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "audit.md").read_text("utf-8")
    program = page.split("```python\n")[1].split("```")[0]
    store = load(audited, {}, secrets=False).store.url.removeprefix("sqlite:///")

    def tried():
        done = subprocess.run([sys.executable, "-c", program, store], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    assert tried() == (0, "")
    tamper(audited, "update audit set reason = 'x' where seq = 2")
    assert tried() == (1, "row 2 is bad\n")


def test_without_a_key_there_is_no_checkpoint_and_it_is_said_how_to_make_one(audited, eslbot):
    said = eslbot("audit", "checkpoint", "-c", audited)
    assert said.code == 2
    assert "eslbot audit key" in said.err


def test_a_key_is_never_overwritten(eslbot, tmp_path):
    assert eslbot("audit", "key", "-o", tmp_path / "k").code == 0
    assert eslbot("audit", "key", "-o", tmp_path / "k").code == 1


def test_without_a_store_it_is_told_in_one_line(made, eslbot):
    for verb in ("list", "verify"):
        said = eslbot("audit", verb, "-c", made)
        assert (said.code, len(said.err.splitlines())) == (1, 1)
