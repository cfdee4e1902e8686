import json

import pytest
import structlog
from prometheus_client import CollectorRegistry

from eslbot.model.call import CallId, Confirm, Role, Severity
from eslbot.model.judgement import Hit, Law, Verdict
from eslbot.model.orders import Alert
from eslbot.watch.alerts import AlertOptions, Alerts
from eslbot.watch.metrics import Metrics

CALL = CallId("11111111-2222-4333-8444-555555555555")
VERDICT = Verdict(
    "guaranteed-return", "promise of return", "cn-marketing", "3", Severity.SEVERE, Confirm.AGREED, (),
    (Law("广告法 25", "P"),),
)  # fmt: skip


def violation(number, call=CALL):
    hit = Hit(call, Role.AGENT, number, VERDICT.rule, 0)
    return Alert(f"{call}#{number}", call, "violation", "severe", VERDICT.rule, hit, VERDICT, 8000, 16000)


class Post:
    """Stands where a Webhook stands: keeps what it is given."""

    def __init__(self):
        self.bodies = []

    def post(self, name, body):
        self.bodies.append((name, json.loads(body)))


class Desk:
    """Alerts with all they tell, and a clock that is set by hand."""

    def __init__(self, webhook=True):
        self.now = 1000.0
        self.rows = []
        self.registry = CollectorRegistry()
        self.post = Post() if webhook else None
        self.alerts = Alerts(
            AlertOptions(60.0, "node1"), lambda: self.now, Metrics(self.registry), self.rows.append, self.post
        )

    def told(self, kind="violation", severity="severe"):
        labels = {"kind": kind, "severity": severity}
        return self.registry.get_sample_value("eslbot_alerts_total", labels) or 0


@pytest.fixture
def lines():
    with structlog.testing.capture_logs() as lines:
        yield lines


def test_an_alert_is_a_line_a_metric_and_a_row_and_a_post(lines):
    desk = Desk()
    assert desk.alerts.tell(violation(1)) == ("done", "")
    assert [(line["log_level"], line["event"], line["rule"]) for line in lines] == [
        ("warning", "alert", "guaranteed-return")
    ]
    assert desk.told() == 1
    (row,) = desk.rows
    assert (row.id, row.call, row.at, row.rule, row.hit, row.delivery) == (
        f"{CALL}#1", CALL, 1000.0, "guaranteed-return", f"{CALL}/agent/1/guaranteed-return/0", "pending",
    )  # fmt: skip
    ((name, body),) = desk.post.bodies
    assert name == f"{CALL}#1"
    assert (body["type"], body["law"], body["pack"], body["version"]) == (
        "alert.violation", "广告法 25", "cn-marketing", "3",
    )  # fmt: skip
    assert (body["start"], body["end"], body["node"], body["role"]) == (8000, 16000, "node1", "agent")


def test_within_the_cooldown_people_are_not_told_again_and_nothing_else_is_lost(lines):
    desk = Desk()
    for number in range(5):
        desk.alerts.tell(violation(number))
        desk.now += 10
    assert len(desk.post.bodies) == 1
    assert len(lines) == len(desk.rows) == desk.told() == 5
    assert [row.delivery for row in desk.rows] == ["pending"] + ["none"] * 4
    desk.now += 10
    desk.alerts.tell(violation(9))
    assert [body["silenced"] for _, body in desk.post.bodies] == [0, 4]


def test_another_call_another_rule_and_another_kind_have_cooldowns_of_their_own(lines):
    desk = Desk()
    desk.alerts.tell(violation(1))
    desk.alerts.tell(violation(1, CallId("another")))
    desk.alerts.tell(Alert("x", CALL, "mute-failed", "severe"))
    desk.alerts.tell(Alert("y", CALL, "audio-lost", "warning", detail="recogniser"))
    assert [name for name, _ in desk.post.bodies] == [f"{CALL}#1", "another#1", "x", "y"]
    assert desk.told("audio-lost", "warning") == 1


def test_without_a_webhook_it_is_a_line_a_metric_and_a_row(lines):
    desk = Desk(webhook=False)
    desk.alerts.tell(violation(1))
    assert desk.rows[0].delivery == "none"
    assert len(lines) == 1


def test_what_a_switch_says_of_a_number_goes_to_nobody(lines):
    desk = Desk()
    desk.alerts.tell(Alert("x", CALL, "mute-failed", "severe", detail="-ERR 13800138000 gone"))
    assert desk.rows[0].detail == "-ERR [number] gone"
    assert desk.post.bodies[0][1]["detail"] == "-ERR [number] gone"
    assert lines[0]["detail"] == "-ERR [number] gone"


def test_a_long_lived_service_does_not_remember_every_call(lines):
    desk = Desk()
    for number in range(12_000):
        desk.alerts.tell(Alert(str(number), CallId(str(number)), "audio-lost", "warning"))
    assert len(desk.alerts._posted) <= 10_000
    desk.alerts.tell(Alert("again", CallId("11999"), "audio-lost", "warning"))
    assert desk.post.bodies[-1][0] == "11999"


def test_what_was_not_posted_before_a_restart_is_posted_after_it_under_its_own_id():
    first = Desk()
    first.alerts.tell(violation(1))
    (row,) = first.rows
    second = Desk()
    second.now = 1000.0 + 3600.0
    second.alerts.resume([row])
    ((name, body),) = second.post.bodies
    was = first.post.bodies[0][1]
    assert name == row.id
    assert body.keys() == was.keys()
    same = ("type", "id", "at", "node", "call", "severity", "rule", "start", "end", "detail")
    assert {key: body[key] for key in same} == {key: was[key] for key in same}
    second.now = 1000.0 + 90_000.0   # nobody wants to be woken for it any more
    second.alerts.resume([row])
    assert len(second.post.bodies) == 1
    Desk(webhook=False).alerts.resume([row])
