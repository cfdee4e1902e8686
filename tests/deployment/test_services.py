"""The deployment's files as the programs that read them see them: promtool (package prometheus), docker-compose,
systemd-analyze (systemd) and xmllint (libxml2-utils), all Debian's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.examples import SMALLEST
from tests.deployment.places import DOCKER, ENVIRON, TOP, yaml

pytestmark = pytest.mark.services
XML = sorted((TOP / "freeswitch_conf").rglob("*.xml"))


def run(program: str, *arguments: str | Path, cwd: Path | None = None) -> str:
    if shutil.which(program) is None:
        pytest.fail(f"no {program}: this suite needs Debian's prometheus, docker-compose, systemd and libxml2-utils")
    done = subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd,
        env={**os.environ, **ENVIRON},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_promtool_takes_the_configuration_and_the_alert_rules() -> None:
    run("promtool", "check", "config", DOCKER / "prometheus/prometheus.yml")


def test_promtool_sees_each_alert_fire_and_stay_silent() -> None:
    files = sorted((DOCKER / "prometheus").glob("alerts_*test.yml"))
    assert run("promtool", "test", "rules", *files).count("SUCCESS") == len(files) == 2


def test_docker_compose_takes_the_whole(tmp_path: Path) -> None:
    out = tmp_path / "whole.yaml"
    out.write_text(run("docker-compose", "-f", "compose.yaml", "config", cwd=DOCKER))
    whole = yaml(out)
    assert set(whole["services"]) == {"freeswitch", "prompts", "eslbot", "prometheus", "grafana"}
    assert whole["services"]["freeswitch"]["image"] == ENVIRON["FREESWITCH_IMAGE"]
    assert whole["services"]["eslbot"]["network_mode"] == "service:freeswitch"


def test_docker_compose_asks_for_the_image_of_the_switch_by_name() -> None:
    environ = {**os.environ, **ENVIRON, "FREESWITCH_IMAGE": ""}
    done = subprocess.run(
        ["docker-compose", "-f", "compose.yaml", "config"], capture_output=True, text=True, check=False, cwd=DOCKER,
        env=environ,
    )
    assert done.returncode != 0
    assert "name the image of your FreeSWITCH" in done.stderr


SHARED = '[audio]\nspool = "/run/eslbot-spool"\ngroup = "audio"\n'


@pytest.mark.parametrize("more", ["", SHARED], ids=["alone", "shared"])
def test_systemd_takes_the_units(tmp_path: Path, more: str) -> None:
    (tmp_path / "eslbot.toml").write_text(SMALLEST + more)
    program = Path(sys.executable).with_name("eslbot")
    run(str(program), "systemd", "-c", tmp_path / "eslbot.toml", "--user", "root", "-o", tmp_path)
    for unit in [*tmp_path.glob("*.service"), *tmp_path.glob("*.mount")]:
        said = run("systemd-analyze", "verify", "--man=no", unit)
        assert unit.name not in said, said


@pytest.mark.parametrize("file", XML, ids=lambda file: file.name)
def test_xmllint_takes_what_freeswitch_is_to_read(file: Path) -> None:
    run("xmllint", "--noout", "--nonet", file)
