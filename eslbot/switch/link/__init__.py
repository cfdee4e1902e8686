"""The link to one switch. link.py keeps it up and tells facts in order; pair.py is its two connections while they live,
each a hosted greenswitch (connections.py, hosted.py); resync.py (pure) works out what was missed."""

from eslbot.switch.link.hosted import LinkDown, Unanswered
from eslbot.switch.link.link import Link
from eslbot.switch.link.options import LinkOptions, Notice

__all__ = ["Link", "LinkDown", "LinkOptions", "Notice", "Unanswered"]
