"""The start: patches the standard library for gevent - the only place that does, and before anything else is imported -
and hands over to the command line. Knows nothing else."""

from gevent import monkey

monkey.patch_all()

import sys


def main() -> None:
    """Entry point of the `eslbot` command."""
    from eslbot.cli.app import main as command_line

    sys.exit(command_line())


if __name__ == "__main__":
    main()
