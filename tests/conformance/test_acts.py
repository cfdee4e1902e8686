"""Who hears what while something is done to a bridged call: every row of ACTS, with either party as the A leg."""

from pathlib import Path

import pytest

from tests.conformance.conftest import FILE_SECONDS, TONES
from tests.conformance.endings import LEVELS, REPLIES
from tests.conformance.hearing import LEVEL, amplitude
from tests.conformance.rig import Rig, Role
from tests.conformance.score import FIRSTS, Played, do, listen, place
from tests.conformance.tables import ACTS, Act

ROWS = [pytest.param(act, first, id=f"{act.name}, {first} first") for act in ACTS for first in FIRSTS]
Everything = dict[tuple[str, Role], Played]


@pytest.fixture(scope="module")
def everything(rig: Rig, announcement: Path) -> Everything:
    """Every row at once, so that it takes seconds: those that wait first, all listened to while the files play."""
    rows = sorted(((act, first) for act in ACTS for first in FIRSTS), key=lambda row: -row[0].wait)
    done = [place(rig, first) for _, first in rows]
    for (act, _), played in zip(rows, done, strict=True):
        if act.wait:
            do(rig, played, act.commands, announcement)
    rig.pass_time(max(act.wait for act, _ in rows))
    for (act, _), played in zip(rows, done, strict=True):
        if not act.wait:
            do(rig, played, act.commands, announcement)
    for played, heard in zip(done, listen(rig, done), strict=True):
        played.heard = heard
    rig.pass_time(FILE_SECONDS)
    for (act, _), played in zip(rows, done, strict=True):
        for command in act.undo:
            rig.api(command.format_map(played.words(announcement)))
    for played, heard in zip(done, listen(rig, done), strict=True):
        played.after = heard
    rig.clear()
    return {(act.name, first): played for (act, first), played in zip(rows, done, strict=True)}


@pytest.mark.parametrize(("act", "first"), ROWS)
def test_each_party_hears_what_the_table_says(everything: Everything, act: Act, first: Role) -> None:
    played = everything[act.name, first]
    assert played.heard == {"agent": act.agent, "customer": act.customer}


@pytest.mark.parametrize(("act", "first"), ROWS)
def test_every_command_is_answered_with_ok(everything: Everything, act: Act, first: Role) -> None:
    replies = everything[act.name, first].replies
    assert [reply for reply in replies if not reply.startswith("+OK")] == []
    assert len(replies) == len(act.commands)


@pytest.mark.parametrize(("act", "first"), ROWS)
def test_afterwards_the_two_hear_each_other(everything: Everything, act: Act, first: Role) -> None:
    assert everything[act.name, first].after == {"agent": {"customer"}, "customer": {"agent"}}


def test_the_replies_to_commands_that_are_repeated_or_make_no_sense(rig: Rig, announcement: Path) -> None:
    played = place(rig, "agent")
    expected = [(command, reply) for command, reply in REPLIES]
    do(rig, played, [command for command, _ in expected], announcement)
    rig.clear()
    wrong = [
        (command, reply, said)
        for (command, reply), said in zip(expected, played.replies, strict=True)
        if not said.startswith(reply)
    ]
    assert wrong == []


def test_levels_are_steps_and_a_mute_is_one_by_its_number_only(rig: Rig) -> None:
    """`mute 0`, and a number that is none, are +OK and mute nothing."""
    played = place(rig, "agent")
    customer, heard = played.call.customer, {}
    for words in LEVELS:
        do(rig, played, [f"uuid_audio {{customer}} start write {words}"])
        there = rig.listen(0.4, customer, settle=0.4)[customer]
        heard[words] = round(amplitude(there, TONES["agent"], rig.rate) / LEVEL, 2)
        do(rig, played, ["uuid_audio {customer} stop"])
    rig.clear()
    assert set(played.replies) == {"+OK"}
    assert heard == {words: pytest.approx(share, rel=0.12, abs=0.02) for words, share in LEVELS.items()}


def test_displace_stop_is_refused_once_the_file_has_ended(rig: Rig, announcement: Path) -> None:
    played = place(rig, "agent")
    do(rig, played, ["uuid_displace {agent} start {file} 0 m"], announcement)
    rig.pass_time(FILE_SECONDS + 0.7)
    do(rig, played, ["uuid_displace {agent} stop {file}"], announcement)
    rig.clear()
    assert [reply[:4] for reply in played.replies] == ["+OK ", "-ERR"]
