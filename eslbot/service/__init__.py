"""The service: builds the rooms, ties them together, starts and stops them in order. The only place that knows all of
them."""

from eslbot.service.run import run
from eslbot.service.service import Service

__all__ = ["Service", "run"]
