"""The doors of one service: each has its handlers, and all are shut at its end."""

from eslbot.config import load
from eslbot.service.service import Service
from eslbot.supervise.web.operations import OPERATIONS
from tests.service.rig import Rig


def test_every_operation_has_a_handler(rig: Rig) -> None:
    rig.service = service = Service(load(rig.directory / "eslbot.toml", {"PASSWORD": rig.switch.password}))
    assert {operation.verb for operation in OPERATIONS} <= set(service.front.handlers)


def test_doors_are_open_from_start_to_stop(rig: Rig) -> None:
    service = rig.start()
    socket = service.settings.admin.socket
    assert (socket.exists(), service.front.web.port > 0) == (True, True)
    service.stop()
    rig.service = None
    assert (socket.exists(), service.front.web.port) == (False, 0)


def test_without_the_web_nobody_pays_for_the_live_feed(rig: Rig) -> None:
    settings = load(rig.directory / "eslbot.toml", {"PASSWORD": rig.switch.password})
    web = settings.web.model_copy(update={"enabled": False})
    plain = Service(settings.model_copy(update={"web": web}))
    rig.service = plain
    assert plain.listeners == []
    assert plain.alarmed == []
