"""A model that is none, one of another rate, one that is there; and what a measurement says of it, for real."""

import socket

import pytest

from eslbot import data
from eslbot.doctor.checks import looks
from eslbot.doctor.probes import model, service
from eslbot.doctor.running import together
from eslbot.doctor.verdicts.model import judge
from eslbot.doctor.verdicts.service import ServiceSeen
from tests.doctor.conftest import levels


def test_the_shipped_model_is_told_from_a_real_one(made) -> None:
    found = levels(judge(model.look(made(), "")))
    assert found == {"model.rate": "ok", "model.voice": "warning"}


@pytest.mark.parametrize(("resample", "level"), [(False, "error"), (True, "hint")])
def test_a_model_of_another_rate(made, tmp_path, resample, level) -> None:
    for name in ("conf", "am"):
        (tmp_path / "wide" / name).mkdir(parents=True)
    (tmp_path / "wide/conf/mfcc.conf").write_text("--sample-frequency=16000\n")
    (tmp_path / "wide/am/final.mdl").touch()
    settings = made(recogniser={"model": str(tmp_path / "wide"), "resample": resample})
    assert levels(judge(model.look(settings, "")))["model.rate"] == level


def test_a_measurement_for_real_says_how_many_calls_this_machine_carries(made, patient) -> None:
    well = patient(made())
    [one] = [each for each in together(well, looks(well, ["model"])) if each.check == "model.speed"]
    assert "words a second of a core" in one.found or one.level.value == "error"   # a machine may be too busy


def test_a_model_that_does_not_load_is_told_and_not_waited_for(made, patient, tmp_path) -> None:
    import shutil

    shutil.copytree(data.model("demo-zh"), tmp_path / "broken")
    (tmp_path / "broken/am/final.mdl").write_bytes(b"no model")
    well = patient(made(recogniser={"model": str(tmp_path / "broken")}))
    found = levels(together(well, looks(well, ["model"])))
    assert found["model.load"] == "error"


def test_nothing_is_measured_while_calls_are_up(made, patient, monkeypatch) -> None:
    monkeypatch.setattr(service, "look", lambda settings: ServiceSeen("s", answers=True, calls=3))
    monkeypatch.setattr(model, "measure", lambda *told: pytest.fail("it was measured"))
    well = patient(made())
    assert levels(together(well, looks(well, ["model"])))["model.speed"] == "hint"


def test_a_vosk_server_that_is_away(made, patient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    well = patient(made(recogniser={"url": [f"ws://127.0.0.1:{port}"]}))
    assert levels(together(well, looks(well, ["model"]))) == {"model.server": "error"}
