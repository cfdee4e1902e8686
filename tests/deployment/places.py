"""Where the files of a deployment lie, and how its compose file reads. Knows no program that checks them."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

TOP = Path(__file__).resolve().parents[2]
DOCKER = TOP / "docker"
ALERTS = DOCKER / "prometheus/alerts.yml"
DASHBOARD = DOCKER / "grafana/dashboards/eslbot.json"
ENVIRON = {
    "FREESWITCH_IMAGE": "freeswitch",
    "FREESWITCH_CONF": "/etc/freeswitch",
    "ESLBOT_ESL_PASSWORD": "not-the-default",
    "GRAFANA_PASSWORD": "not-the-default",
}
"""What .env has no value for."""
_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}")


def yaml(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text())


def filled(value: str) -> str:
    """A value of compose.yaml with its variables put in."""
    return _VARIABLE.sub(lambda found: ENVIRON.get(found[1], found[2] or ""), value)
