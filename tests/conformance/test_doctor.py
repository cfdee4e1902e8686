"""What the doctor asks of a switch, and what only a switch can tell: whether the closing's extension is in the dialplan
that it has loaded, and what a user of its directory may do."""

import gevent
import pytest

from eslbot.config.inputs import SwitchSection
from eslbot.doctor.probes.switch import Wanted, look
from eslbot.doctor.verdicts.dialplan import answering
from eslbot.doctor.verdicts.switch import INTERFACES, SPOOL, Closing, SwitchSeen, judge
from eslbot.greenlets import Greenlets
from tests.conformance.real import RealRig
from tests.conformance.rig import Rig

SHIPPED = Closing(True, "eslbot_closing", "default", "en")
USER = "eslbot@127.0.0.1"


def seen(rig: Rig, closing: Closing = SHIPPED, user: str | None = None, own: str = "", password: str = "rig-secret",
         files: tuple[str, ...] = (), mute: float = 3.0) -> SwitchSeen:
    given = {"name": "pbx", "port": rig.socket_port, "user": user, "password_env": "P"}
    section = SwitchSection.model_validate(given, context={"environ": {"P": password}})
    greenlets = Greenlets()
    try:
        return look(section, Wanted(closing, False, {mute}, files, own), greenlets)
    finally:
        greenlets.stop()
        gevent.sleep(0)


def test_the_shipped_files_leave_nothing_to_find_fault_with(rig: Rig) -> None:
    told = list(judge(seen(rig), SHIPPED, (*INTERFACES, SPOOL)))
    if not isinstance(rig, RealRig):  # its time is passed by the tests, and is another than ours
        told = [one for one in told if one.check != "switch.clock"]
    assert [one for one in told if one.level.value != "ok"] == []


def test_the_closing_is_found_in_the_dialplan_that_is_loaded_with_the_files_it_plays(rig: Rig) -> None:
    told = seen(rig, files=("/etc/passwd", "/no/such/file"))
    found = answering(told.dialplan or "", "eslbot_closing", "en")
    assert found is not None
    assert (found.name, found.plays, found.certain, found.before) == ("eslbot_closing", True, True, ())
    assert len(found.files) == 2
    assert dict(told.files) == {"/etc/passwd": True, "/no/such/file": False, **dict.fromkeys(found.files, True)}
    assert answering(told.dialplan or "", "eslbot_farewell", "en") is None


def test_a_context_that_is_not_there_is_told_from_an_empty_answer(rig: Rig) -> None:
    if not isinstance(rig, RealRig):
        pytest.skip("the embedded switch has every extension in every context")
    assert seen(rig, Closing(True, "eslbot_closing", "public", "en")).dialplan == ""


def test_the_directorys_user_may_do_all_that_is_sent_and_not_look_at_the_dialplan(rig: Rig) -> None:
    told = seen(rig, user=USER)
    assert (told.denied, told.denied_events, told.denied_extras) == ((), (), ())
    assert (told.version, told.apart, told.dialplan) == (None, None, None)
    assert told.interfaces
    assert seen(rig, user=USER, own="rig-secret").dialplan
    assert seen(rig, user=USER, mute=300.0).denied == ("+301",)


def test_a_wrong_password_is_told_as_one(rig: Rig) -> None:
    assert "password" in seen(rig, password="not it").refused
    assert seen(rig, user=USER, own="not it").own_refused


def test_looking_leaves_nothing_behind(rig: Rig) -> None:
    before = rig.api("show tasks as json") if isinstance(rig, RealRig) else ""
    seen(rig)
    assert (rig.api("show tasks as json") if isinstance(rig, RealRig) else "") == before
    assert rig.api("show channels as json") == '{"row_count": 0}'
