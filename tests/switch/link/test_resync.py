import copy

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eslbot.model.call import Direction, LegId
from eslbot.model.facts import (
    Fact,
    LegAnswered,
    LegCreated,
    LegDestroyed,
    LegHeld,
    LegsBridged,
    LegsUnbridged,
    LegUnheld,
    PlaybackStarted,
)
from eslbot.switch.codec import Event, ProtocolError
from eslbot.switch.link import resync
from eslbot.switch.link.resync import Row, Told, facts_of_legs, found, rows_of
from tests.switch import wire
from tests.switch.link.fake import A, B, C, leg

LEGS = [LegId(A), LegId(B), LegId(C)]


# --- the snapshot ----------------------------------------------------------------------------------------------------
def test_a_real_list_and_a_real_dump_are_read() -> None:
    listed, dumped = [frame for frame in wire.frames("call-agent-first-json") if frame.kind == "api/response"]
    a, b = LegId("dabe4d22-b9d8-4d1f-b002-5ef008247b5a"), LegId("63e21e88-f671-42a4-8358-31e629b1f5b1")
    rows = rows_of(listed.reply)
    assert rows == [Row(a, "1001", "0000000000"), Row(b, "9001", "1001")]
    agent = found(rows[0], orjson.loads(dumped.body), "pbx", 7.0)
    assert agent is not None
    created = agent.created
    assert (created.uuid, created.direction) == (a, Direction.OUTBOUND)
    assert (created.destination, created.role) == ("1001", "agent")
    customer = found(rows[1], leg(b, "9001", a, **{"Other-Type": "originator"}), "pbx", 7.0)
    assert customer is not None
    for legs in ([agent, customer], [customer, agent]):
        assert facts_of_legs(legs)[-1] == LegsBridged("pbx", 7.0, a, b, 8000)


def test_an_idle_switch_has_no_rows() -> None:
    (answer,) = [frame.reply for frame in wire.frames("session") if frame.reply == '{"row_count": 0}'][:1]
    assert rows_of(answer) == []


def test_a_leg_without_a_uuid_is_left_out() -> None:
    rows = [{"uuid": "abc@example.org"}, {"uuid": A, "initial_dest": "1001"}]
    assert rows_of(orjson.dumps({"row_count": 2, "rows": rows}).decode()) == [Row(LegId(A), "1001", "")]


@pytest.mark.parametrize(
    "text", ["", "-ERR", "[]", "{}", '{"row_count":1,"rows":[{}]}', '{"row_count":1,"rows":[1]}', "1"]
)
def test_another_answer_than_a_list_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="show channels"):
        rows_of(text)


def told_of(*events: Event) -> list[Fact]:
    legs = [found(Row(LegId(str(e["Unique-ID"])), "9001", ""), e, "pbx", 7.0) for e in events]
    return facts_of_legs([one for one in legs if one is not None])


@pytest.mark.parametrize("state", ["CS_HANGUP", "CS_REPORTING", "CS_DESTROY"])
def test_a_leg_on_its_way_out_is_not_up(state: str) -> None:
    assert told_of(leg(A, "1001", **{"Channel-State": state})) == []


def test_a_leg_that_rings_is_not_answered_and_one_on_hold_is_held() -> None:
    ringing, held = leg(A, "1001", **{"Answer-State": "ringing"}), leg(B, "9001", **{"Channel-Call-State": "HELD"})
    assert [type(fact) for fact in told_of(ringing, held)] == [LegCreated, LegCreated, LegAnswered, LegHeld]


def test_a_transferred_leg_keeps_the_number_it_was_called_by() -> None:
    (created, *_) = told_of(leg(A, "eslbot_closing"))
    assert isinstance(created, LegCreated)
    assert created.destination == "9001"


def test_legs_are_bridged_only_where_both_say_so() -> None:
    one_sided = told_of(leg(A, "1001", B), leg(B, "9001"))
    other = told_of(leg(A, "1001", B), leg(B, "9001", C), leg(C, "1900", B))
    assert [(f.a, f.b) for f in one_sided + other if isinstance(f, LegsBridged)] == [(B, C)]


def test_the_older_leg_is_the_a_leg_where_nothing_else_says() -> None:
    for first, second in ((A, B), (B, A)):
        times = {first: "17", second: "18"}
        a = leg(A, "1", B, **{"Caller-Channel-Created-Time": times[A]})
        facts = told_of(a, leg(B, "2", A, **{"Caller-Channel-Created-Time": times[B]}))
        assert [(f.a, f.b) for f in facts if isinstance(f, LegsBridged)] == [(first, second)]


# --- what was told ---------------------------------------------------------------------------------------------------
class World:
    """What is really up, and what a listener believes who is told facts."""

    def __init__(self) -> None:
        self.legs: dict[LegId, dict[str, object]] = {}

    def hear(self, fact: Fact) -> None:
        match fact:
            case LegCreated(uuid=uuid):
                self.legs.setdefault(uuid, {"answered": False, "held": False, "with": None})
            case LegDestroyed(uuid=uuid):
                for state in self.legs.values():
                    state["with"] = None if state["with"] == uuid else state["with"]
                self.legs.pop(uuid, None)
            case LegAnswered(uuid=uuid):
                self.legs[uuid]["answered"] = True
            case LegHeld(uuid=uuid) | LegUnheld(uuid=uuid):
                self.legs[uuid]["held"] = isinstance(fact, LegHeld)
            case LegsBridged(a=a, b=b) | LegsUnbridged(a=a, b=b):
                up = isinstance(fact, LegsBridged)
                for one, other in ((a, b), (b, a)):
                    if one in self.legs:
                        self.legs[one]["with"] = other if up else None

    def dumps(self) -> list[Event]:
        return [
            leg(
                uuid, "9001", str(state["with"] or ""),
                **{
                    "Answer-State": "answered" if state["answered"] else "ringing",
                    "Channel-Call-State": "HELD" if state["held"] else "ACTIVE",
                },
            )
            for uuid, state in self.legs.items()
        ]  # fmt: skip


def history(moves: list[tuple[int, int]]) -> list[Fact]:
    """A story that can happen: each move is a leg and what befalls it, where that is possible."""
    world, story, dead = World(), list[Fact](), set[LegId]()
    for which, what in moves:
        uuid, other = LEGS[which], LEGS[(which + 1) % 3]
        state = world.legs.get(uuid)
        fact: Fact
        if state is None:
            if uuid in dead:
                continue
            fact = LegCreated("pbx", 7.0, uuid, Direction.OUTBOUND, destination="9001")
        elif not state["answered"] and what < 3:
            fact = LegAnswered("pbx", 7.0, uuid)
        elif what == 0:
            fact = (LegUnheld if state["held"] else LegHeld)("pbx", 7.0, uuid)
        elif what == 1 and state["with"] is not None:
            fact = LegsUnbridged("pbx", 7.0, uuid, LegId(str(state["with"])))
        elif what == 2 and state["with"] is None and other in world.legs and world.legs[other]["with"] is None:
            fact = LegsBridged("pbx", 7.0, uuid, other)
        elif what == 3 and state["with"] is None:
            fact = LegDestroyed("pbx", 7.0, uuid)
            dead.add(uuid)
        else:
            continue
        world.hear(fact)
        story.append(fact)
    return story


MOVES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=40)


@given(MOVES, st.integers(0, 40), st.integers(0, 40))
# B is bridged to C, which is gone before the snapshot, and then to A: that the listener hears of C undoes A and B
@example(moves=[(0, 0), (2, 0), (0, 0), (1, 0), (1, 0), (1, 2), (1, 1), (2, 3), (0, 2)], subscribed=2, taken=7)
def test_whenever_the_snapshot_was_taken_the_listener_ends_up_right(
    moves: list[tuple[int, int]], subscribed: int, taken: int
) -> None:
    """The stream holds what happened since `subscribed`; the snapshot was taken anywhere after that."""
    story = history(moves)
    subscribed = min(subscribed, len(story))
    taken = min(subscribed + taken, len(story))
    truth, then = World(), World()
    for fact in story:
        truth.hear(fact)
    for fact in story[:taken]:
        then.hear(fact)
    told, listener = Told(), World()
    for fact in told.news(told_of(*then.dumps())) + told.news(story[subscribed:]):
        before = copy.deepcopy(listener.legs)
        if {getattr(fact, name) for name in ("uuid", "a", "b") if hasattr(fact, name)} <= {*before}:
            listener.hear(fact)
            assert listener.legs != before or isinstance(fact, LegUnheld)  # nothing is told twice
        elif isinstance(fact, LegCreated | LegsBridged | LegsUnbridged | LegDestroyed):
            listener.hear(fact)
        # else it is of a leg that began before we looked and is gone: who knows it from before hears of its end
    assert listener.legs == truth.legs


@given(MOVES)
def test_an_undisturbed_stream_passes_whole(moves: list[tuple[int, int]]) -> None:
    story = history(moves)
    assert Told().news(story) == story


def test_what_changes_no_state_is_always_told() -> None:
    twice: list[Fact] = [PlaybackStarted("pbx", 7.0, LegId(A), "/x.wav", "9001")] * 2
    assert Told().news(twice) == twice


def test_a_bridge_that_was_replaced_is_not_ended_again() -> None:
    told = Told()
    told.news([LegsBridged("pbx", 7.0, LegId(A), LegId(B))])
    new = LegsBridged("pbx", 8.0, LegId(C), LegId(B))
    old_end = LegsUnbridged("pbx", 8.0, LegId(A), LegId(B))
    assert told.news([new, old_end]) == [new]


def test_the_dead_are_forgotten_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resync, "GRAVES", 2)
    told = Told()
    told.news([LegDestroyed("pbx", 7.0, uuid) for uuid in LEGS])
    assert [told.knows(uuid) for uuid in LEGS] == [False, True, True]
