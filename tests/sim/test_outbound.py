"""The dialplan asks a program: over real sockets, and as it went with the real switch."""

from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
from gevent import socket

from eslbot.sim import Party, Switch, Tone
from eslbot.switch.codec import CommandDecoder, Decoder, Frame, event_of

WIRE = Path(__file__).parent.parent / "vectors" / "wire"
ASK = """<x><extension name="gate"><condition field="destination_number" expression="^gate(.*)$">
  <action application="socket" data="127.0.0.1:{port} async full"/>
  <action application="transfer" data="asked XML default"/></condition></extension>
<extension name="asked"><condition field="destination_number" expression="^asked$"/>
  <condition field="${{eslbot_verdict}}" expression="^allow$">
  <action application="bridge" data="sofia/internal/9001@127.0.0.1"/>
  <anti-action application="hangup" data="CALL_REJECTED"/></condition></extension></x>"""


class Program:
    """What the switch calls."""

    def __init__(self) -> None:
        self.door = socket.socket()
        self.door.bind(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        self._decoder = Decoder()
        self._frames: list[Frame] = []

    def accept(self) -> None:
        self.door.listen()

    def take(self) -> None:
        with gevent.Timeout(30):
            self.link, _ = self.door.accept()

    def ask(self, text: str) -> Frame:
        """Sends a command and returns the next frame that is no event."""
        self.link.sendall(text.encode() + b"\n\n")
        with gevent.Timeout(30):
            while True:
                while not self._frames:
                    self._frames += self._decoder.feed(self.link.recv(65536))
                frame = self._frames.pop(0)
                if not frame.kind.startswith("text/event"):
                    return frame


@pytest.fixture
def program() -> Iterator[Program]:
    one = Program()
    yield one
    one.door.close()


@pytest.fixture
def switch(program: Program, tmp_path: Path) -> Iterator[Switch]:
    path = tmp_path / "gate.xml"
    path.write_text(ASK.format(port=program.port))
    with Switch(dialplan=[path], speed=4) as running:
        yield running


@pytest.mark.parametrize(("verdict", "cause"), [("allow", ""), ("deny", "CALL_REJECTED")])
def test_the_answer_decides_over_the_call(switch: Switch, program: Program, verdict: str, cause: str) -> None:
    program.accept()
    switch.expect("9001", Party(Tone(700)))
    leg = switch.ring(Party(), "gate9001", "1001", name="Dora")
    program.take()
    channel = event_of(program.ask("connect"))
    assert channel["Unique-ID"] == channel["Channel-Unique-ID"] == leg.uuid
    assert (channel["Channel-Destination-Number"], channel["Caller-Caller-ID-Name"]) == ("gate9001", "Dora")
    assert (channel["Socket-Mode"], channel["Control"]) == ("async", "full")
    assert program.ask("linger 5").reply == "+OK will linger 5 seconds"
    tell = f"sendmsg\ncall-command: execute\nexecute-app-name: set\nexecute-app-arg: eslbot_verdict={verdict}"
    assert program.ask(tell).reply == "+OK"
    assert program.ask("resume").reply == "+OK"
    switch.wait(lambda: leg.variables.get("eslbot_verdict") == verdict)
    assert program.ask("exit").reply == "+OK bye"
    program.link.close()
    if cause:
        switch.wait(lambda: leg.gone)
        assert leg.cause == cause
    else:
        switch.wait(lambda: leg.partner is not None)


def test_silence_means_no(switch: Switch) -> None:
    leg = switch.ring(Party(), "gate9001")
    switch.wait(lambda: leg.gone)
    assert leg.cause == "CALL_REJECTED"


def test_a_program_that_leaves_without_resume_ends_the_call(switch: Switch, program: Program) -> None:
    program.accept()
    leg = switch.ring(Party(), "gate9001")
    program.take()
    program.ask("connect")
    program.link.close()
    switch.wait(lambda: leg.gone)
    assert leg.cause == "NORMAL_CLEARING"


@pytest.mark.parametrize("lingers", [False, True])
def test_a_leg_that_ends_ends_the_conversation_unless_the_program_lingers(
    switch: Switch, program: Program, lingers: bool
) -> None:
    program.accept()
    leg = switch.ring(Party(), "gate9001")
    program.take()
    program.ask("connect")
    if lingers:
        program.ask("linger 5")
    leg.hangup()
    switch.wait(lambda: leg.gone)
    if lingers:
        assert program.ask("getvar x").kind == "command/reply"
    else:
        assert program.ask("").kind == "text/disconnect-notice"
    program.link.close()


def test_the_conversation_goes_as_it_went_with_the_real_switch(switch: Switch, program: Program) -> None:
    program.accept()
    switch.expect("9001", Party())
    leg = switch.ring(Party(), "gate9001")
    program.take()
    real = Decoder().feed((WIRE / "outbound-gate.in").read_bytes())
    replies = [frame for frame in real if not frame.kind.startswith("text/event")]
    ours = []
    for command in CommandDecoder().feed((WIRE / "outbound-gate.out").read_bytes()):
        lines = [command.line, *(f"{name}: {value}" for name, value in command.headers.items())]
        ours.append(program.ask("\n".join(lines)))
        switch.pass_time(0.2)
    ours.append(program.ask(""))
    program.link.close()
    assert [(frame.kind, frame.reply) for frame in ours] == [(frame.kind, frame.reply) for frame in replies]
    assert ours[-1].headers["Controlled-Session-UUID"] == leg.uuid
    assert ours[-1].body == replies[-1].body
    switch.wait(lambda: leg.partner is not None)
