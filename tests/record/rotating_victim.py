"""Rotates a store and says so, page by page, so that a test can kill it: `python -m tests.record.rotating_victim URL
IDENTITY TO`."""

import sys

from eslbot.record import rotation
from eslbot.record.grants import parse_grants
from eslbot.record.keys import parse_identity
from eslbot.record.rotation import Change, Rotation
from eslbot.store import Ledger


def main() -> None:
    url, identity, to = sys.argv[1:]
    rotation.PAGE = 25
    one = Rotation(Ledger(url), (parse_identity(identity),), Change(parse_grants([to])), "first", "n1")
    one.run(lambda done, of: print(done, flush=True))
    print("ended", flush=True)


if __name__ == "__main__":
    main()
