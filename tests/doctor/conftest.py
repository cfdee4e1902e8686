"""A configuration whose places all lie in one directory, and its parts broken one by one."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eslbot.config import Settings, load
from eslbot.doctor.patient import Patient
from eslbot.greenlets import Greenlets
from eslbot.record.keys import Identity, new_identity, recipient

Made = Callable[..., Settings]
ONE, TWO = new_identity(), new_identity()


@pytest.fixture
def identity() -> Identity:
    """One that opens the recordings."""
    return ONE


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Settings of tables given by name; `port` is the switch's, `switch` more of its keys."""

    def settings(port: int = 1, switch: dict[str, Any] | None = None, **tables: dict[str, Any]) -> Settings:
        given: dict[str, dict[str, Any]] = {
            "audio": {"spool": str(tmp_path / "spool")},
            "record": {"recipients": [recipient(ONE), recipient(TWO)], "live": str(tmp_path / "live")},
            "watch": {"listen": "127.0.0.1:0"},
            "web": {"listen": "127.0.0.1:0"},
        }
        for name, table in tables.items():
            given.setdefault(name.replace("__", "."), {}).update(table)
        lines = ["[[switch]]", 'name = "pbx"', f"port = {port}", 'password_env = "PASSWORD"']
        lines += [f"{key} = {json.dumps(value)}" for key, value in (switch or {}).items()]
        for name, table in given.items():
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
        file = tmp_path / "eslbot.toml"
        file.write_text("\n".join(lines) + "\n")
        return load(file, {"PASSWORD": "embedded"})

    return settings


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Callable[..., Patient]]:
    """Of settings."""
    greenlets = Greenlets(lambda name, error: None)
    yield lambda settings, **more: Patient(settings, tmp_path / "eslbot.toml", (), greenlets, **more)
    greenlets.stop()


def levels(findings: Any) -> dict[str, str]:
    """Check -> its worst level."""
    order = ["ok", "hint", "warning", "error"]
    found: dict[str, str] = {}
    for one in findings:
        found[one.check] = max(found.get(one.check, "ok"), one.level.value, key=order.index)
    return found
