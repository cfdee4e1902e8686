"""The start: patches the standard library for gevent - the only place that does, and before anything else is imported -
and hands over to the command line. Knows nothing else."""

from importlib import metadata

from gevent import monkey


def _patch() -> None:
    """While it patches, gevent asks for plugins 25 times, each time by reading what every installed package says of
    itself: a third of the time that a short command took. It is read once."""
    ask, found = metadata.entry_points, metadata.entry_points()
    metadata.entry_points = found.select
    try:
        monkey.patch_all()
    finally:
        metadata.entry_points = ask


_patch()

import sys


def main() -> None:
    """Entry point of the `eslbot` command."""
    from eslbot.cli.app import main as command_line

    sys.exit(command_line())


if __name__ == "__main__":
    main()
