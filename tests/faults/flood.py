"""A stranger: `python -m tests.faults.flood PORT COUNT AT_ONCE` opens so many connections, so many at a time, says
nothing on them, and closes them. Prints how many could be opened. A process of its own: it is to starve no switch."""

import contextlib
import socket
import sys


def main() -> None:
    port, count, at_once = map(int, sys.argv[1:4])
    done = 0
    for _ in range(count // at_once):
        idle = []
        for _ in range(at_once):
            with contextlib.suppress(OSError):
                idle.append(socket.create_connection(("127.0.0.1", port), timeout=5.0))
        done += len(idle)
        for sock in idle:
            sock.close()
    print(done)


if __name__ == "__main__":
    main()
