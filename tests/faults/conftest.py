"""The switch beside the service, and the table of what each fault showed: that the call went on, what was lost and
where it was counted, how long it took."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eslbot.sim import Switch

LONG = bool(os.environ.get("ESLBOT_FAULTS_LONG"))
"""Set: the tests that take minutes as well (a database away for 5, a storm of 60 s)."""
Show = Callable[..., None]


@pytest.fixture
def switch() -> Iterator[Switch]:
    with Switch(closing="tone_stream://%(1000,0,1200)") as switch:
        yield switch


@pytest.fixture
def show(record_property: Callable[[str, Any], None]) -> Show:
    """`show(group, went_on=..., lost=..., took=...)`: a row of the table at the end."""

    def show(group: int, *, went_on: str, lost: str, took: str) -> None:
        record_property("shown", [str(group), went_on, lost, took])

    return show


def pytest_terminal_summary(terminalreporter: Any) -> None:
    rows = [
        [*value, report.nodeid.rpartition("::")[2]]
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name == "shown"
    ]
    if not rows:
        return
    terminalreporter.section("what the faults showed")
    for group, went_on, lost, took, test in sorted(rows, key=lambda row: int(row[0])):
        terminalreporter.line(f"{group:>2} {test}")
        for what, text in (("the call", went_on), ("lost", lost), ("took", took)):
            terminalreporter.line(f"     {what}: {text}")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MiB of its own, in memory. Skips where mounting is not permitted."""
    import subprocess

    directory = tmp_path / "small"
    directory.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "eslbot-test", str(directory)], capture_output=True, check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=False)
