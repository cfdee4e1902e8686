"""Commands about the switch itself."""

import json

import gevent
import pytest

from eslbot.sim.party import Tone
from tests.sim.bench import TONES, Bench


def test_show_counts_channels_and_pairs_calls(bench: Bench) -> None:
    assert bench.api("show channels as json") == bench.api("show calls as json") == '{"row_count": 0}'
    agent, customer = bench.call()
    bench.dial("9002", Tone(TONES["customer"]))
    channels = json.loads(bench.api("show channels as json"))
    assert channels["row_count"] == len(channels["rows"]) == 3
    calls = json.loads(bench.api("show calls as json"))
    assert [(row["uuid"], row["b_uuid"]) for row in calls["rows"]] == [(agent.uuid, customer.uuid)]
    assert bench.api("show channels count") == "3 total."
    assert bench.api("show channels").startswith("uuid,direction,")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("global_setvar x=1", "+OK"),
        ("global_getvar hostname", "pbx"),
        ("global_getvar nothing", ""),
        ("sched_api +5", "-ERR Invalid syntax"),
        ("sched_del", "-ERR Invalid syntax"),
        ("no_such_command x", "-ERR no_such_command Command not found!"),
        ("show everything", "-USAGE"),
        ("strftime %Y", "2"),
    ],
)
def test_answers(bench: Bench, command: str, answer: str) -> None:
    assert bench.api(command).startswith(answer)


def test_a_task_may_name_its_second(bench: Bench) -> None:
    at = int(bench.api("strepoch")) + 7
    bench.api(f"sched_api {at} group status")
    assert bench.core.tasks[0].when == at


def test_shutdown_is_asked_for_not_done_here(bench: Bench) -> None:
    asked: list[bool] = []
    bench.core.shutdown = lambda: asked.append(True)
    assert bench.api("fsctl shutdown now") == "+OK"
    gevent.sleep(0)
    assert asked == [True]
