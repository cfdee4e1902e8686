"""How audio is asked for, the first time and again."""

from collections.abc import Iterable

from eslbot.call.runner import Outcome
from eslbot.model.orders import Listen, StopListening
from eslbot.service.hearing.taps import ForkTap, SpoolTap
from eslbot.switch.commands import Command
from tests.words import CALL, CUSTOMER


class Sent:
    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, switch: str, commands: Iterable[Command]) -> Outcome:
        assert switch == "pbx"
        self.words += [" ".join(command.text.split()[i] for i in (0, 2)) for command in commands]
        return "done", ""


def listen(generation: int = 0) -> Listen:
    return Listen("o#1", CALL, CUSTOMER, "pbx", 8000, True, generation)


def test_a_spool_is_asked_for_unbuffered_stereo() -> None:
    sent = Sent()
    assert SpoolTap(sent).start(listen(), "/spool/x.r8") == ("done", "")
    assert sent.words == ["uuid_setvar RECORD_STEREO", "uuid_setvar enable_file_write_buffering", "uuid_record start"]


def test_a_path_that_is_not_fit_to_be_sent_is_refused() -> None:
    sent = Sent()
    assert SpoolTap(sent).start(listen(), "/spool/x y.r8")[0] == "failed"
    assert sent.words == []


def test_a_fork_is_started_once_and_stopped_before_it_is_started_again() -> None:
    sent = Sent()
    tap = ForkTap(sent)
    tap.start(listen(), "ws://127.0.0.1:1/token")
    assert sent.words == ["uuid_audio_fork start"]
    tap.start(listen(), "ws://127.0.0.1:1/token")
    assert sent.words[1:] == ["uuid_audio_fork stop", "uuid_audio_fork start"]


def test_after_a_restart_a_fork_that_may_still_stand_is_stopped_first() -> None:
    sent = Sent()
    ForkTap(sent).start(listen(generation=1), "ws://127.0.0.1:1/token")
    assert sent.words == ["uuid_audio_fork stop", "uuid_audio_fork start"]


def test_a_call_that_ended_is_forgotten() -> None:
    sent = Sent()
    tap = ForkTap(sent)
    tap.start(listen(), "ws://127.0.0.1:1/token")
    tap.stop(StopListening("o#2", CALL, CUSTOMER), "ws://127.0.0.1:1/token")
    sent.words.clear()
    tap.start(listen(), "ws://127.0.0.1:1/token")
    assert sent.words == ["uuid_audio_fork start"]
