"""The service: builds the rooms, ties them together, starts and stops them in order. The only place that knows all of
them. What hears a call is in hearing/, what people reach it by in people/, and how much of it a machine carries is
found out by measuring/; what stands beside them here is of the whole."""

from eslbot.service.run import run
from eslbot.service.service import Service

__all__ = ["Service", "run"]
