"""The recogniser's own process: vosk-server's protocol on real Vosk, no core dump, no orphan."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect, unix_connect

from eslbot import data
from tests.listen.spoken import samples

MODEL = data.model("demo-zh")


def start(*arguments: str, **how: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "eslbot.listen.worker", "--model", str(MODEL), *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **how)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    process = start("--parent", str(os.getpid()))
    assert process.stdout is not None
    yield int(process.stdout.readline().split()[1])
    process.kill()
    process.communicate()


@pytest.fixture
def client(port: int) -> Iterator[ClientConnection]:
    with connect(f"ws://127.0.0.1:{port}", close_timeout=1) as connection:
        yield connection


def sentence() -> bytes:
    path = sorted((data.dialogues("zh") / "clean").glob("*-agent.wav"))[0]
    return samples(path).tobytes()


def test_audio_is_answered_message_by_message_and_the_end_with_a_final(client: ClientConnection) -> None:
    client.send(json.dumps({"config": {"sample_rate": 8000, "words": True}}))
    audio = sentence()
    partials = []
    for at in range(0, len(audio), 640):
        client.send(audio[at : at + 640])
        partials.append(json.loads(client.recv(timeout=20)))
    client.send('{"eof" : 1}')
    final = json.loads(client.recv(timeout=20))
    assert "远山 理财 公司" in final["text"]
    assert [word["word"] for word in final["result"]] == final["text"].split()
    assert any("远山" in one.get("partial", "") for one in partials)
    with pytest.raises(ConnectionClosed, match="1000"):
        client.recv(timeout=20)


def test_reset_gives_a_final_and_goes_on(client: ClientConnection) -> None:
    client.send(sentence())
    client.recv(timeout=20)
    client.send('{"reset" : 1}')
    assert "远山" in json.loads(client.recv(timeout=20))["text"]
    client.send(sentence())
    client.recv(timeout=20)
    client.send('{"eof" : 1}')
    assert "远山" in json.loads(client.recv(timeout=20))["text"]


def test_a_message_in_fragments_is_one_message(client: ClientConnection) -> None:
    audio = sentence()
    client.send([audio[:999], audio[999:]])
    client.recv(timeout=20)
    client.send('{"eof" : 1}')
    assert "远山" in json.loads(client.recv(timeout=20))["text"]


@pytest.mark.parametrize(
    ("message", "code"),
    [("hello", 1007), ('{"config": {"sample_rate": "fast"}}', 1007), ("[1]", 1007), ('{"config": 3}', 1007)],
)
def test_text_that_means_nothing_closes_with_1007(client: ClientConnection, message: str, code: int) -> None:
    client.send(message)
    with pytest.raises(ConnectionClosed, match=str(code)):
        client.recv(timeout=20)


def test_a_rate_below_the_models_closes_this_connection_and_no_other(client: ClientConnection, port: int) -> None:
    with connect(f"ws://127.0.0.1:{port}", close_timeout=1) as wrong:
        wrong.send('{"config": {"sample_rate": 4000}}')
        wrong.send(bytes(8000))
        with pytest.raises(ConnectionClosed, match="1011"):
            wrong.recv(timeout=20)
    client.send(bytes(640))
    assert client.recv(timeout=20)


def test_odd_and_empty_messages_are_answered_too(client: ClientConnection) -> None:
    for audio in (b"", b"\1", bytes(641)):
        client.send(audio)
        assert json.loads(client.recv(timeout=20)) is not None


def test_on_a_socket_only_this_user_may_connect_and_it_says_ready(tmp_path: Path) -> None:
    path = tmp_path / "worker.sock"
    process = start("--socket", str(path), "--parent", str(os.getpid()))
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    assert path.stat().st_mode & 0o777 == 0o600
    with unix_connect(str(path), close_timeout=1) as connection:
        connection.send(bytes(640))
        assert connection.recv(timeout=20)
    process.kill()
    process.communicate()


def test_it_dumps_no_core_however_it_dies(tmp_path: Path) -> None:
    def allow_cores() -> None:
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    environment = dict(os.environ, PYTHONPATH=str(Path(__file__).parents[2]))
    process = start("--parent", str(os.getpid()), cwd=tmp_path, preexec_fn=allow_cores, env=environment)
    assert process.stdout is not None
    process.stdout.readline()
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    assert next(line for line in limits.splitlines() if "core file" in line).split()[4:6] == ["0", "0"]
    process.send_signal(signal.SIGSEGV)
    assert process.wait(20) == -signal.SIGSEGV
    process.communicate()
    assert list(tmp_path.iterdir()) == []


def _gone(pid: int, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_it_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    code = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'eslbot.listen.worker', '--model', sys.argv[1],"
        " '--parent', str(os.getpid())], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(MODEL)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    assert _gone(worker)


def test_it_ends_when_its_parent_lets_go_of_it() -> None:
    process = start("--parent", str(os.getpid()))
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    process.stdin.close()
    assert process.wait(20) == 0
    process.stdout.close()


def test_a_model_that_is_none_is_an_exit_and_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eslbot.listen.worker", "--model", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode != 0
    assert str(tmp_path) in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_it_listens_on_no_other_address_than_loopback(port: int) -> None:
    listening = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and int(line.split()[1].rsplit(":", 1)[1], 16) == port
    ]
    assert listening == [f"{socket.inet_aton('127.0.0.1')[::-1].hex().upper()}:{port:04X}"]
