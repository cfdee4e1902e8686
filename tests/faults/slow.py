"""The service with one slow hand: whatever it is to do on a leg whose uuid begins with $SLOW takes ten seconds. Not a
test; run as `python -m tests.faults.slow -c CONFIG`."""

import os
import sys
from pathlib import Path

from gevent import monkey

monkey.patch_all()

import gevent  # noqa: E402

from eslbot.call.runner import Outcome  # noqa: E402
from eslbot.config import load  # noqa: E402
from eslbot.model.orders import SwitchOrder  # noqa: E402
from eslbot.service import run, service  # noqa: E402
from eslbot.service.orders import SwitchHand  # noqa: E402

SLOW = os.environ["SLOW"]
SECONDS = 10.0


class SlowHand(SwitchHand):
    """Takes its time over some calls."""

    def __call__(self, order: SwitchOrder) -> Outcome:
        if order.call.startswith(SLOW):
            gevent.sleep(SECONDS)
        return super().__call__(order)


if __name__ == "__main__":
    service.SwitchHand = SlowHand  # type: ignore[misc]
    sys.exit(run(load(Path(sys.argv[2]), os.environ)))
