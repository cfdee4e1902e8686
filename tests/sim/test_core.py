"""The clock, the scheduler, expansion and routing."""

import gevent
import pytest

from eslbot.sim.party import Tone
from tests.sim.bench import SILENCE, TONES, Bench


def test_a_task_comes_within_a_second_of_its_time_and_never_later(bench: Bench) -> None:
    _, customer = bench.call()
    bench.api(f"uuid_audio {customer.uuid} start write mute -4")
    assert bench.api(f"sched_api +3 release uuid_audio {customer.uuid} stop") == "+OK Added: 1"
    bench.run(1.9)
    assert bench.core.tasks
    assert "MEDIA_BUG_STOP" not in bench.names(customer)
    bench.run(1.7)
    gevent.sleep(0.01)  # a task runs in a greenlet of its own
    assert not bench.core.tasks
    assert "MEDIA_BUG_STOP" in bench.names(customer)


def test_tasks_are_taken_back_by_group_or_number(bench: Bench) -> None:
    for group in ("a", "a", "b"):
        bench.api(f"sched_api +9 {group} status")
    assert bench.api("sched_del a") == "+OK Deleted: 2"
    assert bench.api("sched_del 3") == "+OK Deleted: 1"
    assert bench.api("sched_del a") == "+OK Deleted: 0"


def test_arguments_of_applications_are_expanded_inside_out(bench: Bench) -> None:
    leg = bench.dial("9001", SILENCE, {"a": "b", "b": "c", "d_c": "deep"})
    expand = bench.core.expand
    assert expand(leg, "x ${a} ${none} y") == "x b  y"
    assert expand(leg, "${d_${b}}") == "deep"
    assert expand(leg, "${uuid_getvar(${uuid} a)}") == "b"
    assert expand(leg, "${global_getvar(hostname)}") == "pbx"


def test_expansion_of_what_names_itself_ends(bench: Bench) -> None:
    leg = bench.dial("9001", SILENCE)
    leg.variables["x"] = "${x}"
    assert bench.core.expand(leg, "${x}") == "${x}"


def test_events_are_numbered(bench: Bench) -> None:
    bench.call()
    numbers = [int(str(event["Event-Sequence"])) for event in bench.events]
    assert numbers == sorted(set(numbers))


def test_time_is_the_frames_that_passed(bench: Bench) -> None:
    before = bench.core.now
    bench.run(2)
    assert bench.core.now - before == pytest.approx(2)


def test_a_destination_that_is_none_ends_the_leg(bench: Bench) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    bench.api(f"uuid_transfer {leg.uuid} nowhere")
    bench.run(0.2)
    assert leg.cause == "NO_ROUTE_DESTINATION"


def test_one_broken_leg_does_not_stop_the_others(bench: Bench) -> None:
    agent, customer = bench.call()
    broken = bench.dial("9002", SILENCE)

    def fails(leg: object) -> object:
        raise ZeroDivisionError

    broken.go(fails)  # type: ignore[arg-type]
    bench.core.tick()
    bench.core.tick()
    assert "ZeroDivisionError" in bench.core.faults.pop()
    assert bench.hears(agent, customer) == [{"customer"}, {"agent"}]
