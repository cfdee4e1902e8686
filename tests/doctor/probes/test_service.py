"""A service that runs, one that left its socket behind, one of another's, none."""

import json
import socket

from eslbot.doctor.probes import service
from eslbot.doctor.verdicts.service import judge
from tests.doctor.conftest import levels
from tests.service.rig import Rig


def test_a_running_service_says_who_it_is_and_whether_it_takes_calls(tmp_path, made) -> None:
    import os

    import gevent

    from eslbot.config import load
    from eslbot.sim import Switch
    from eslbot.store.offhub import OffHub

    with Switch() as switch:
        rig = Rig(tmp_path, switch, watch={"listen": "127.0.0.1:0"})
        running = rig.start()
        text = (tmp_path / "eslbot.toml").read_text()
        (tmp_path / "eslbot.toml").write_text(text.replace(
            json.dumps("127.0.0.1:0"), json.dumps(f"127.0.0.1:{running.watch.port}")))
        settings = load(tmp_path / "eslbot.toml", {"PASSWORD": switch.password})
        off_hub = OffHub(1)
        seen = off_hub.run(service.look, settings)
        assert (seen.answers, seen.pid, seen.calls, seen.ready) == (True, os.getpid(), 0, {})
        assert levels(judge(seen, "us", "us")) == {"service.answers": "ok", "service.ready": "ok"}
        switch.sever()
        switch.freeze()
        rig.until(lambda: running.health.reasons(), "it has not noticed")
        assert "link pbx" in off_hub.run(service.look, settings).ready
        switch.freeze(False)
        off_hub.close()
        rig.stop()
        gevent.sleep(0)


def test_a_socket_that_was_left_behind_and_none_at_all(made) -> None:
    settings = made()
    assert service.look(settings) == service.ServiceSeen(str(settings.admin.socket))
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(settings.admin.socket))
    seen = service.look(settings)
    assert (seen.answers, seen.left_behind) == (False, True)
    assert levels(judge(seen, "", "us")) == {"service.answers": "hint"}


def test_a_socket_at_which_somebody_listens_and_never_answers(made, monkeypatch) -> None:
    monkeypatch.setattr(service, "WITHIN", 0.1)
    settings = made()
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(settings.admin.socket))
        deaf.listen()
        assert not service.look(settings).answers
