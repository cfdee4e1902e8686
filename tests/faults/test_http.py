"""The watch page under slowloris and request smuggling (16, as far as there is a page) while a call is judged."""

import time
from pathlib import Path

import gevent
import pytest

from eslbot.sim import Switch
from tests.faults.clients import Slow
from tests.faults.conftest import Show
from tests.faults.house import House
from tests.service.rig import ANSWER, PROMISE, line, party
from tests.watch.clients import get, talk

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]
SLOW = 300
SMUGGLED = (
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
    b"GET /healthz HTTP/1.1\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\n X: folded\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET /healthz HTTP/1.1\nHost: a\n\n",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
    b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 100 + b"\r\n",
)


def test_slow_and_smuggling_clients_keep_no_honest_one_waiting_and_no_call(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    with House(tmp_path, switch) as house:
        call = switch.place(party(line(PROMISE, 4.0), hangs_up_at=9.0), party(line(ANSWER, 0.2)))
        waits = []
        with Slow(house.watch, "/healthz", SLOW):
            for _ in range(8):
                began = time.monotonic()
                assert "200" in get(house.watch, "/healthz")[0]
                waits.append(time.monotonic() - began)
                gevent.sleep(0.2)
            answers = [talk(house.watch, raw, timeout=20.0).partition(b"\r\n")[0] for raw in SMUGGLED]
        house.until(lambda: call.customer.gone, "the call did not end", 40.0)
        house.settled()
        assert all(answer.startswith(b"HTTP/1.1 400") for answer in answers), answers
        assert max(waits) < 2.5 + 1.0  # as measured when the guard was chosen, and what a busy machine may add
        [row] = house.rows("recordings")
        assert (row.state, row.gaps) == ("complete", ())
        assert [act.outcome for act in house.rows("acts") if act.kind == "mute"] == ["done"]
        assert house.metric("eslbot_troubles_total") == 0, house.lines("trouble")[:2]
        show(16, went_on="recorded, muted, closed", lost=f"nothing; {len(answers)} of {len(SMUGGLED)} smuggled requests"
             " got 400", took=f"an honest request beside {SLOW} slow ones: {max(waits):.2f} s at most")
