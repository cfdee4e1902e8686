"""Patching the standard library is the start's own, and nobody else's."""

import subprocess
import sys

PATCHED = "from gevent import monkey; print(monkey.is_module_patched('socket'), monkey.is_module_patched('threading'))"


def said(first: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", f"{first}; {PATCHED}"], capture_output=True, text=True,
                          timeout=60, check=True)
    return done.stdout.strip()


def test_the_start_patches_before_anything_is_imported_and_the_rooms_do_not() -> None:
    assert said("import eslbot.__main__") == "True True"
    assert said("import eslbot.cli.app, eslbot.service") == "False False"
