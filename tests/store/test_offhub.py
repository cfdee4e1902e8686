"""Work off the hub: what it gives, what it raises, and that the hub goes on."""

import threading
import time
from pathlib import Path

import gevent
import pytest

from eslbot.store.offhub import OffHub, inline


def test_work_runs_in_another_thread_and_gives_back_its_value() -> None:
    pool = OffHub(1)
    assert pool.run(threading.get_ident) != threading.get_ident()
    assert pool.run(divmod, 7, 2) == (3, 1)
    assert inline(threading.get_ident) == threading.get_ident()
    pool.close()


def test_an_error_is_raised_where_it_was_asked_for_and_printed_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    pool = OffHub(1)
    with pytest.raises(ZeroDivisionError):
        pool.run(divmod, 1, 0)
    with pytest.raises(SystemExit):
        pool.run(exit)
    pool.close()
    assert capfd.readouterr() == ("", "")


def test_the_hub_turns_while_work_blocks() -> None:
    pool = OffHub(1)
    go_on = threading.Event()
    turns: list[int] = []

    def turn() -> None:
        for n in range(20):
            turns.append(n)
            gevent.sleep(0)
        go_on.set()

    gevent.spawn(turn)
    assert pool.run(go_on.wait, 10)
    assert len(turns) == 20
    pool.close()


def test_no_more_threads_than_asked_for_work_at_once() -> None:
    pool, lock, now, most = OffHub(2), threading.Lock(), [0], [0]

    def work() -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.01)
        with lock:
            now[0] -= 1

    gevent.joinall([gevent.spawn(pool.run, work) for _ in range(8)], raise_error=True)
    assert most == [2]
    pool.close()


def test_its_threads_are_gone_when_it_is_closed() -> None:
    pool = OffHub(3)
    numbers = [pool.run(threading.get_native_id) for _ in range(3)]
    assert Path(f"/proc/self/task/{numbers[0]}").exists()
    pool.close()
    assert [number for number in numbers if Path(f"/proc/self/task/{number}").exists()] == []
