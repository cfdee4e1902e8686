"""An alert that nobody acknowledges reaches a second webhook and phones; one that somebody does, reaches none."""

from typing import Any

import gevent
import orjson
import pytest

from eslbot.act import alert
from eslbot.greenlets import Greenlets
from eslbot.model.call import CallId
from eslbot.service.people import alerting
from eslbot.service.people.alerting import Escalated, Tell
from eslbot.store.rows import AlertRow
from eslbot.switch.building import Command
from tests.service.people.test_supervising import Scene
from tests.service.people.test_texts import Overheard
from tests.watch.receiver import Receiver


class Up:
    up = True


def test_each_phone_gets_one_line_without_a_number_or_a_word_of_anyone() -> None:
    sent: list[tuple[str, Command]] = []
    options = Escalated("node", ("1001", "1002", "10 01"), "internal", "pbx.example", "en")
    def send(name: str, commands: Any) -> None:
        sent.extend((name, one) for one in commands)

    told: list[str] = []
    greenlets = Greenlets()
    tell = Tell(options, {"pbx": Up()}, send, None, float, lambda id_, at: told.append(id_), greenlets)
    tell(AlertRow("x#1", "11111111-2222", 1.0, "violation", "severe", detail="secret"))
    gevent.sleep(0.01)
    greenlets.stop()
    assert [(name, dict(one.headers)["user"], one.text) for name, one in sent] == [
        ("pbx", "1001", "SEND_MESSAGE"), ("pbx", "1002", "SEND_MESSAGE")]
    assert told == ["x#1"]
    assert {one.body for _, one in sent} == {"eslbot: an alert is not acknowledged (severe, violation) 11111111"}


def test_a_thousand_that_fall_due_at_once_are_two_texts_and_each_is_written_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alerting, "APART", 0.05)
    sent: list[str] = []
    told: list[str] = []
    greenlets = Greenlets()
    tell = Tell(Escalated("node", ("1001",), "internal", "pbx.example", "en"), {"pbx": Up()},
                lambda name, commands: sent.extend(one.body for one in commands), None, float,
                lambda id_, at: told.append(id_), greenlets)
    tell(AlertRow("x#0", "11111111-2222", 1.0, "violation", "warning"))
    gevent.sleep(0.01)
    for number in range(1, 1000):
        severity = "severe" if number == 500 else "warning"
        tell(AlertRow(f"x#{number}", f"{number:08}-2222", 1.0, "violation", severity))
    gevent.sleep(0.3)
    greenlets.stop()
    assert sent == [
        "eslbot: an alert is not acknowledged (warning, violation) 11111111",
        "eslbot: 999 alerts are not acknowledged, the worst: severe, violation, 00000500",
    ]
    assert len(set(told)) == 1000


def test_an_alert_is_escalated_by_a_signed_post_unless_it_was_acknowledged(make_rig: Any) -> None:
    with Receiver() as receiver:
        rig = make_rig(escalation={"after": "1s", "webhook": receiver.url(), "phones": ["1001"]},
                       message={"domain": "127.0.0.1"})
        service = rig.start()
        scene = Scene(rig)
        for number, name in enumerate(("taken", "left")):
            kind = ("mute-failed", "closing-failed")[number]
            service.alerts.tell(alert.of_trouble(CallId(scene.id), kind, "a test", order=name))
        assert service.store.flush(30)
        shown = scene.ask("acknowledge", alert="taken")
        assert shown["acknowledged_by"] == "root"
        rig.until(lambda: receiver.got, "nothing was posted")
        gevent.sleep(0.5)
        bodies = [orjson.loads(body) for _, body, _ in receiver.got]
        assert [(body["type"], body["id"]) for body in bodies] == [("alert.unacknowledged", "left")]
        assert [row["id"] for row in scene.ask("alerts", open=True)["alerts"]] == ["left"]


def test_what_fell_due_while_the_service_was_dead_is_told_once_after_the_start(make_rig: Any) -> None:
    """By webhook, and as a text over a link that has to come up first; another start tells nobody again."""
    with Receiver() as receiver:
        rig = make_rig(escalation={"after": "1s", "webhook": receiver.url(), "phones": ["1001"]},
                       message={"domain": "127.0.0.1"})
        service = rig.start()
        now = service.clock()
        for row in (
            AlertRow("left", "", now - 7200.0, "store-down", "severe"),
            AlertRow("taken", "", now - 7200.0, "store-down", "severe", acknowledged=now),
            AlertRow("told", "", now - 7200.0, "store-down", "severe", escalated=now - 7000.0),
        ):
            service.store.alerts.put(row)
        rig.stop()
        texts = Overheard()
        rig.switch.core.listeners.append(texts)
        service = rig.start()
        rig.until(lambda: receiver.got, "nothing was posted")
        rig.until(lambda: texts.seen, "no text was sent")
        rig.until(lambda: service.store.alerts.get("left").escalated, "it is not written down")
        rig.stop()
        service = rig.start()
        gevent.sleep(1.5)
        assert [orjson.loads(body)["id"] for _, body, _ in receiver.got] == ["left"]
        assert len(texts.seen) == 1


def test_what_nobody_took_before_a_restart_is_posted_after_it_once(make_rig: Any) -> None:
    with Receiver("503 Away") as receiver:
        rig = make_rig(alert={"webhook": receiver.url()})
        service = rig.start()
        service.alerts.tell(alert.of_trouble(CallId(""), "store-down", "a test", order="lost"))
        rig.until(lambda: receiver.got, "nothing was tried")
        service.store.flush(10)
        rig.stop()
        receiver.answers, receiver.got = ["200 OK"], []
        service = rig.start()
        rig.until(lambda: [row.delivery for row in rig.rows("alerts") if row.kind == "store-down"] == ["delivered"],
                  "not delivered")
        rig.stop()
        rig.start()
        gevent.sleep(0.5)
        posted = [head["webhook-id"] for head, body, _ in receiver.got if orjson.loads(body)["detail"] == "a test"]
        assert posted == ["lost"]
