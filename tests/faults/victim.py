"""A service in a process of its own that kills itself (SIGKILL) at one step of its journal. Not a test; run as
`python -m tests.faults.victim CONFIG STEP before|after`: STEP is the how-manyth line, from 1; 0: never."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from gevent import monkey

monkey.patch_all()

from eslbot.call.journal import Journal  # noqa: E402
from eslbot.config import load  # noqa: E402
from eslbot.model.call import CallId  # noqa: E402
from eslbot.model.facts import CallFact  # noqa: E402
from eslbot.model.orders import Order  # noqa: E402
from eslbot.service import run, service  # noqa: E402

STEP, WHEN = int(sys.argv[2]), sys.argv[3]


class Deadly(Journal):
    """Dies with the line: before it is written, or after."""

    written = 0

    def append(self, call: CallId, fact: CallFact, orders: Sequence[Order]) -> None:
        Deadly.written += 1
        if Deadly.written == STEP and WHEN == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        super().append(call, fact, orders)
        if Deadly.written == STEP:
            os.kill(os.getpid(), signal.SIGKILL)


service.Journal = Deadly  # type: ignore[misc]
sys.exit(run(load(Path(sys.argv[1]), os.environ)))
