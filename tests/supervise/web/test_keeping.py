"""Recordings held and erased by the console's forms: over real handlers, a real store and a real sealed file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eslbot.service.people import reasons
from eslbot.service.people.erasing import Erasing, eraser
from eslbot.store import Ledger
from eslbot.supervise.access import Staff
from eslbot.supervise.records import Records
from eslbot.supervise.web.keeping import TYPED
from tests.record.rig import CALL
from tests.service.played import record
from tests.supervise.web.console_rig import ConsoleRig

PAGE = f"/recordings/{CALL}/keeping"


class Keeping(ConsoleRig):
    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        record(self.store, directory, self.web.greenlets)
        records = Records(self.store, self.web.clock, self.web.audited.append)
        self.erasing = Erasing(
            eraser(self.web.url, directory / "recordings", directory / "live", "n1", self.web.clock), self.store,
            records, lambda call: False)
        handlers: Any = self.web.frame.handlers
        handlers.update(reasons.asked({**records.handlers, **self.erasing.handlers}, ()))
        self.people()
        self.web.add("boss")
        self.web.add("nora", Staff.ADMIN, ["north"])
        self.web.add("sue", Staff.ADMIN, ["south"])

    def stop(self) -> None:
        self.erasing.stop()
        super().stop()

    def state(self) -> str:
        row = self.store.recordings.get(CALL, 1)
        assert row is not None
        return row.state

    def audited(self) -> list[tuple[str, str, str]]:
        return [(row.what, row.who, row.reason) for row in Ledger(self.web.url).rows() if row.call == CALL]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Keeping]:
    rig = Keeping(tmp_path)
    yield rig
    rig.stop()
    assert rig.web.failures == []


def send(client: Any, verb: str, **form: str) -> Any:
    """As its own form on the page sends it, and not by the header that programs use."""
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', client.get(PAGE).get_data(as_text=True))
    assert token is not None
    client.environ_base.pop("HTTP_X_CSRF_TOKEN", None)
    return client.post(f"/recordings/{CALL}/{verb}", data={"csrf": token[1], **form})


def test_a_recording_is_held_and_released_by_its_forms_and_is_not_erased_meanwhile(rig: Keeping) -> None:
    client = rig.web.client("boss")
    assert send(client, "hold", reason="court").status_code == 303
    page = client.get(PAGE).get_data(as_text=True)
    assert "court" in page
    assert "account:boss" in page
    assert 'action="/recordings/' + CALL + '/erase"' not in page
    assert send(client, "erase", reason="x", typed=CALL[:TYPED]).status_code == 409
    assert rig.state() != "erased"
    assert send(client, "release", reason="over").status_code == 303
    assert [row[0] for row in rig.audited()] == ["hold", "release"]


def test_erasing_takes_a_reason_and_the_beginning_of_the_calls_number(rig: Keeping) -> None:
    client = rig.web.client("boss")
    assert 'name="typed"' not in send(client, "erase", reason=" ").get_data(as_text=True)
    asked = send(client, "erase", reason="by <b>right</b>").get_data(as_text=True)
    assert 'name="typed"' in asked
    assert "<b>right" not in asked
    for typed in ("", "00000000", CALL[: TYPED - 1]):
        assert send(client, "erase", reason="by right", typed=typed).status_code in (200, 400)
    assert rig.state() != "erased"
    assert rig.audited() == []
    assert send(client, "erase", reason="by right", typed=CALL[:TYPED].upper()).status_code == 303
    assert rig.state() == "erased"
    page = client.get(PAGE).get_data(as_text=True)
    assert "by right" in page
    assert "<form class=" not in page.partition("<main")[2]
    assert rig.audited() == [("erase", "account:boss", "by right")]


def test_nobody_else_does_it_and_no_other_sites_form(rig: Keeping) -> None:
    for name, status in (("sup", 403), ("aud", 403), ("qa", 403), ("seat1", 403), ("sue", 404)):
        client = rig.web.client(name)
        assert client.get(PAGE).status_code == status
        for verb in ("hold", "release", "erase"):
            answer = client.post(f"/recordings/{CALL}/{verb}", data={"reason": "x", "typed": CALL[:TYPED]})
            assert answer.status_code == status, (name, verb)
    boss = rig.web.client("boss")
    boss.environ_base.pop("HTTP_X_CSRF_TOKEN")
    for verb in ("hold", "release", "erase"):
        assert boss.post(f"/recordings/{CALL}/{verb}", data={"reason": "x", "typed": CALL[:TYPED]}).status_code == 403
    assert rig.audited() == []
    assert rig.web.client("nora").get(PAGE).status_code == 200
    assert f'href="{PAGE}"' not in rig.web.client("qa").get(f"/recordings/{CALL}").get_data(as_text=True)
    assert f'href="{PAGE}"' in boss.get(f"/recordings/{CALL}").get_data(as_text=True)
