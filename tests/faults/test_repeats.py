"""A request to the API that is sent again because the service died over it, by SIGKILL: the act is done once."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from gevent import socket

from eslbot.sim import Switch
from tests.faults.conftest import Show
from tests.faults.house import House
from tests.faults.test_web import accounts
from tests.service.rig import party
from tests.switch.link.fake import free_port
from tests.watch.clients import receive

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]


class Program:
    """A script with a token."""

    def __init__(self, directory: Path, port: int) -> None:
        self.port = port
        made = subprocess.run(
            [sys.executable, "-m", "eslbot", "users", "token", "new", "seat7", "--json",
             "-c", str(directory / "eslbot.toml")],
            text=True, check=True, capture_output=True, timeout=60)
        self._token = json.loads(made.stdout)["token"]

    def post(self, path: str, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any], bool]:
        """Status, answer, and whether it says that it was answered before. Raises OSError where no answer comes."""
        data = json.dumps(body).encode()
        head = (f"POST /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                f"Authorization: Bearer {self._token}\r\nIdempotency-Key: {key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(head.encode() + data)
            raw = receive(connection)
        if not raw:
            raise ConnectionResetError("no answer")
        first, _, rest = raw.partition(b"\r\n")
        lines, _, said = rest.partition(b"\r\n\r\n")
        return int(first.split()[1]), json.loads(said), b"idempotency-replayed: true" in lines.lower()


def test_a_mute_that_the_service_died_over_is_done_once_however_often_it_is_sent(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    port = free_port()
    house = House(tmp_path, switch, web={"listen": f"127.0.0.1:{port}"}, act={"shadow": True})
    accounts(tmp_path)
    program = Program(tmp_path, port)
    mutes: list[str] = []
    answer = switch.core.api

    def deadly(text: str) -> str:
        """The first mute is done, and nobody lives to be told."""
        if text.startswith("uuid_audio") and " start write mute" in text:
            mutes.append(text)
            if len(mutes) == 1:
                assert house.process is not None
                os.kill(house.process.pid, signal.SIGKILL)
        return answer(text)

    switch.core.api = deadly  # type: ignore[method-assign]
    with house:
        call = switch.place(party(), party())
        house.line("Joined", call=call.customer.uuid)
        path, body = f"/calls/{call.customer.uuid}/mute", {"seconds": 60}
        with pytest.raises(ConnectionError):
            program.post(path, "the one", body)
        house.kill()
        house.start()
        house.line("Resumed", call=call.customer.uuid)
        status, said, replayed = program.post(path, "the one", body)
        assert (status, said["done"], said["again"], replayed) == (200, [], True, True)
        assert len(mutes) == 1, "it was done twice"
        assert program.post(path, "the one", body)[1:] == (said, True)
        assert program.post(path, "another", body)[1]["done"], "another request is another act"
        status, said, _ = program.post(path, "the one", {"seconds": 5})
        assert status == 409, said
        assert call.customer.up
    show(2, went_on="the customer heard on", lost="the answer to the first request", took="-")
