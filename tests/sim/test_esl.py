"""The doors of the event socket: cut, frozen, shut."""

from collections.abc import Iterator

import gevent
import pytest

from eslbot.sim import Switch
from tests.sim.client import Client


@pytest.fixture
def switch() -> Iterator[Switch]:
    with Switch(speed=4) as running:
        yield running



def test_cut_and_frozen_connections(switch: Switch) -> None:
    call = switch.place()
    with Client(switch.port) as client:
        switch.freeze()
        client.send("api version")
        with pytest.raises(TimeoutError):
            client.frame(seconds=0.2)
        with Client(switch.port, None) as late, pytest.raises(TimeoutError):
            late.frame(seconds=0.2)
        switch.freeze(False)
        assert client.reply().reply.startswith("FreeSWITCH")
        switch.sever()
        assert client.ended()
    assert call.agent.up
    with Client(switch.port) as again:
        assert '"row_count":2' in again.ask("api show channels as json")


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_switch_that_ends_says_nothing(how: str) -> None:
    switch = Switch(speed=4).start()
    try:
        switch.place()
        with Client(switch.port) as client:
            gevent.sleep(0.01)
            getattr(switch, how)()
            with pytest.raises((EOFError, OSError)):
                client.frame()
    finally:
        switch.stop()
