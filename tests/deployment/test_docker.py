"""docker/ against the program: what the container is told is understood, and what is drawn and alerted on is measured.
Whether docker-compose and promtool take the files: test_services."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from eslbot.config import load
from eslbot.prompts import VOICES
from eslbot.watch.metrics import Metrics, Readings
from tests.config.examples import SMALLEST
from tests.deployment.places import ALERTS, DASHBOARD, DOCKER, TOP, filled, yaml

COMPOSE = yaml(DOCKER / "compose.yaml")
BOT = COMPOSE["services"]["eslbot"]


@pytest.fixture(scope="module")
def measured() -> set[str]:
    """Every series the service shows."""
    registry = CollectorRegistry()
    readings = Readings(lambda: 0, lambda: {"ready": 1}, queues=lambda: {"store": 0})
    Metrics(registry, ["pbx1"], {"rule": "severe"}, readings)
    return set(re.findall(r"^# TYPE (\S+)", generate_latest(registry).decode(), re.M))


def family(series: str) -> str:
    return re.sub(r"_(bucket|count|sum)$", "", series)


def expressions() -> Iterator[tuple[str, str]]:
    for group in yaml(ALERTS)["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("name", "expression"), list(expressions()), ids=lambda value: value[:40])
def test_what_is_alerted_on_or_drawn_is_measured(name: str, expression: str, measured: set[str]) -> None:
    used = re.findall(r"\b(eslbot_\w+|process_\w+)", expression)
    assert used or 'up{job="eslbot"}' in expression
    assert {family(series) for series in used} - measured == set()


@pytest.mark.parametrize(("name", "expression"), list(expressions()), ids=lambda value: value[:40])
def test_labels_have_values_that_the_program_gives(name: str, expression: str) -> None:
    from eslbot.watch.instruments import ALLOWED

    given = set().union(*ALLOWED.values(), {"ready", "retiring", "down", "store", "webhook", "eslbot"})
    for label, values in re.findall(r'(\w+)(?:=|!=|=~)"([^"$]*)"', expression):
        assert label not in ("instance",)
        assert set(values.split("|")) <= given, label


def test_each_alert_is_tried_by_promtool() -> None:
    alerts = {rule["alert"] for group in yaml(ALERTS)["groups"] for rule in group["rules"]}
    fired = {
        case["alertname"]
        for file in (DOCKER / "prometheus").glob("alerts_*test.yml")
        for test in yaml(file)["tests"]
        for case in test["alert_rule_test"]
        if case.get("exp_alerts")
    }
    assert fired == alerts


def test_each_alert_says_how_urgent_it_is_and_what_it_means() -> None:
    for group in yaml(ALERTS)["groups"]:
        for rule in group["rules"]:
            assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
            assert rule["annotations"]["summary"], rule["alert"]


def test_the_containers_environment_is_a_configuration(tmp_path: Path) -> None:
    file = tmp_path / "eslbot.toml"
    file.write_text(SMALLEST)
    environ = {name: filled(value) for name, value in BOT["environment"].items()}
    settings = load(file, environ)
    assert str(settings.audio.spool) == "/run/eslbot-spool"
    assert settings.audio.group == "telephony"
    assert settings.watch.listen.port == 9464


def test_what_the_container_writes_is_on_a_volume_or_in_memory(tmp_path: Path) -> None:
    file = tmp_path / "eslbot.toml"
    file.write_text(SMALLEST)
    settings = load(file, {name: filled(value) for name, value in BOT["environment"].items()})
    assert BOT["read_only"] is True
    writable = [Path(volume.split(":")[1]) for volume in BOT["volumes"] if not volume.endswith(":ro")]
    writable += [Path(mount.split(":")[0]) for mount in BOT["tmpfs"]]
    for path in (
        settings.audio.spool, settings.record.directory, settings.record.live, settings.journal.directory,
        settings.admin.socket, Path(settings.store.url.removeprefix("sqlite:///")),
    ):
        assert any(path.is_relative_to(place) for place in writable), path


def test_the_spool_is_memory_of_a_size_that_both_have() -> None:
    options = filled(COMPOSE["volumes"]["spool"]["driver_opts"]["o"])
    assert COMPOSE["volumes"]["spool"]["driver_opts"]["type"] == "tmpfs"
    assert "size=256m" in options
    assert "gid=1991" in options
    for name in ("eslbot", "freeswitch"):
        assert "spool:/run/eslbot-spool" in COMPOSE["services"][name]["volumes"]


def test_prompts_are_copied_before_the_switch_starts_and_found_where_it_looks() -> None:
    switch = COMPOSE["services"]["freeswitch"]
    assert switch["depends_on"] == {"prompts": {"condition": "service_completed_successfully"}}
    (place,) = [volume.split(":")[1] for volume in switch["volumes"] if volume.startswith("prompts:")]
    assert f"eslbot_prompts={place}" in (TOP / "freeswitch_conf/eslbot_vars.xml").read_text()
    path = BOT["environment"]["ESLBOT_PROMPTS__PATH"]
    assert path in [f"{place}/{language}" for language in VOICES]


def test_ports_are_open_to_this_host_only() -> None:
    for name, service in COMPOSE["services"].items():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name


def test_the_image_is_built_of_nothing_but_what_it_needs() -> None:
    ignore = (TOP / ".dockerignore").read_text().split()
    assert ignore[0] == "*"
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DOCKER / "Dockerfile").read_text(), re.M)
    for name in " ".join(copied).split():
        assert f"!{name}" in ignore
        assert (TOP / name).exists()


def test_every_variable_of_the_compose_file_is_explained_or_has_a_default() -> None:
    text, example = (DOCKER / "compose.yaml").read_text(), (DOCKER / ".env.example").read_text()
    for name, default in re.findall(r"\$\{([A-Z_]+)(:-)?", text):
        assert default or f"{name}=" in example, name
