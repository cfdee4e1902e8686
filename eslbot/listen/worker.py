"""A recogniser in a process of its own: `python -m eslbot.listen.worker`. Loads one model and speaks vosk-server's
WebSocket protocol (serving.py) on a unix socket or a loopback port. One thread does it all: more cores take more
workers. The only importer of vosk. Dies with its parent, dumps no core, logs no word. Knows nothing of calls.

The protocol: an optional text message {"config": {"sample_rate": 8000, "words": true}}, then binary s16le mono audio,
each message answered by one JSON message (a partial, or a final when an utterance ended); the text {"eof" : 1} is
answered by the last final and ends the connection, {"reset" : 1} by a final and does not."""

import argparse
import ctypes
import json
import os
import resource
import signal
import socket
import sys
import threading
from typing import Any

from eslbot.listen.serving import Refused, Server

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4


class Recognition:
    """One connection's recogniser, made when the first audio comes."""

    def __init__(self, vosk: Any, model: Any) -> None:
        self._vosk = vosk
        self._model = model
        self._rate = 8000.0
        self._words = True
        self._recogniser: Any = None

    def take(self, message: bytes | str) -> tuple[str | None, bool]:
        """One message; the answer, if it has one, and whether it was the last. Raises Refused."""
        if isinstance(message, str):
            return self._text(message)
        recogniser = self._made()
        if recogniser.AcceptWaveform(message):
            return recogniser.Result(), False
        return recogniser.PartialResult(), False

    def _text(self, message: str) -> tuple[str | None, bool]:
        try:
            value: dict[str, Any] = dict(json.loads(message))
            if "config" in value:
                self._rate = float(value["config"].get("sample_rate", self._rate))
                self._words = bool(value["config"].get("words", self._words))
                self._recogniser = None
                return None, False
        except (ValueError, TypeError, AttributeError) as error:
            raise Refused(1007, "text that is neither a config nor eof") from error
        if value.get("eof"):
            return self._made().FinalResult(), True
        if value.get("reset"):
            return self._made().FinalResult(), False
        raise Refused(1007, "text that is neither a config nor eof")

    def _made(self) -> Any:
        if self._recogniser is None:
            if not 1000 <= self._rate <= 192_000:
                raise Refused(1007, "sample_rate out of range")
            self._recogniser = self._vosk.KaldiRecognizer(self._model, self._rate)
            self._recogniser.SetWords(self._words)
        return self._recogniser


def harden(parent: int | None) -> None:
    """No core dump, no tracing by others of this user, and death with the parent."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if parent is not None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("the parent is gone already")
        threading.Thread(target=_end_with_stdin, daemon=True).start()


def _end_with_stdin() -> None:
    """The parent holds the other end of stdin; it closes however the parent dies."""
    while os.read(0, 4096):
        pass
    os._exit(0)


def _listen(path: str | None, port: int) -> socket.socket:
    if path is None:
        return socket.create_server(("127.0.0.1", port), backlog=512)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    os.chmod(path, 0o600)
    listener.listen(512)
    return listener


def main(arguments: list[str] | None = None) -> None:
    """Serve until killed. Writes `ready` and, for a port, its number to stdout once connections are taken."""
    parser = argparse.ArgumentParser(prog="python -m eslbot.listen.worker")
    parser.add_argument("--model", required=True, help="directory of a Vosk model")
    parser.add_argument("--socket", help="unix socket to listen on, made here")
    parser.add_argument("--port", type=int, default=0, help="loopback port, where no socket is given; 0: a free one")
    parser.add_argument("--parent", type=int, help="process id: end when it does, or when stdin closes")
    options = parser.parse_args(arguments)
    harden(options.parent)
    import vosk  # native code and 25 MB: after the process was hardened, and by this file only

    vosk.SetLogLevel(-1)
    try:
        model = vosk.Model(options.model)
    except Exception as error:  # noqa: BLE001 - vosk raises bare Exception
        sys.exit(f"{options.model}: Vosk cannot load this model ({error})")
    listener = _listen(options.socket, options.port)
    print("ready" if options.socket else f"ready {listener.getsockname()[1]}", flush=True)
    Server(listener, lambda: Recognition(vosk, model)).run()


if __name__ == "__main__":
    main()
