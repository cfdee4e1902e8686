"""The live feed over HTTP: what an event holds, where it goes on, and when it ends."""

from collections.abc import Iterator

import orjson
import pytest

from eslbot.model.call import CallId
from eslbot.supervise.access import Staff
from eslbot.supervise.live.reader import Reader
from eslbot.supervise.web.live import Pause, after, event, written
from tests.supervise.live.watched import OTHERS, SUPERVISOR, Watched
from tests.supervise.web.console_rig import ConsoleRig
from tests.words import CALL, MUTE, verdict, violated

Event = tuple[str, str, list[dict[str, object]]]


def parsed(raw: bytes) -> Event:
    """(kind, id, messages)."""
    fields = dict(line.split(b": ", 1) for line in raw.strip().split(b"\n"))
    return fields.get(b"event", b"").decode(), fields.get(b"id", b"").decode(), orjson.loads(fields[b"data"])


def stream(watched: Watched, still: list[bool], after_: int | None = None) -> Iterator[bytes]:
    reader = Reader(watched.feed, SUPERVISOR, CALL, after_)
    clock = iter(range(0, 10_000, 2))
    return written(reader, watched.feed.epoch, lambda: still[0], lambda: float(next(clock)), Pause(0.0))


def test_a_stream_begins_with_the_whole_and_each_event_has_an_id_to_go_on_from() -> None:
    watched = Watched()
    pieces = stream(watched, [True])
    assert next(pieces).startswith(b"retry:")
    kind, number, messages = parsed(next(pieces))
    assert (kind, [each["k"] for each in messages]) == ("fresh", ["clock", "rows", "whole"])
    assert number == f"{watched.feed.epoch}-{watched.feed.number}"
    watched.say("hello")
    kind, number, messages = parsed(next(pieces))
    assert (kind, messages[1]["text"]) == ("", "hello")
    watched.say("hello again")
    assert after(number, watched.feed.epoch) == watched.feed.number - 1
    resumed = stream(watched, [True], after(number, watched.feed.epoch))
    next(resumed)
    assert [each["k"] for each in parsed(next(resumed))[2]] == ["clock", "words"]


@pytest.mark.parametrize("last", ["", "other-3", "abc", "abc-", "abc-x", "abc--1", "abc-٣", "abc-1 "])
def test_an_id_of_another_life_or_of_none_begins_anew(last: str) -> None:
    assert after(last, "abc") is None


def test_a_stream_ends_when_who_reads_may_read_no_more_and_lets_the_feed_go() -> None:
    watched, still = Watched(), [True]
    pieces = stream(watched, still)
    next(pieces), next(pieces)
    assert watched.feed.watched[CALL] == 1
    still[0] = False
    watched.say("a secret")
    assert list(pieces) == [b"event: over\ndata: []\n\n"]
    assert CALL not in watched.feed.watched


def test_while_there_is_nothing_to_tell_a_beat_is_sent_that_a_page_can_hear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eslbot.supervise.web.live.ALLOWED_EVERY", 0.005)
    watched = Watched()
    pieces = stream(watched, [True])
    next(pieces), next(pieces)
    kind, number, messages = parsed(next(pieces))
    assert (kind, number, messages) == ("beat", "", [])   # an id would move the place to go on from


def test_a_stream_that_is_given_up_is_forgotten() -> None:
    watched = Watched()
    pieces = stream(watched, [True])
    next(pieces), next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert CALL not in watched.feed.watched


def test_what_was_said_cannot_end_an_event() -> None:
    watched = Watched()
    reader = watched.reader()
    reader.take(0)
    watched.say("a\n\nevent: over\ndata: []\r\n\r\nid: 1\x00\u2028")
    raw = event(reader.take(0), "e", 1.0)
    assert raw.count(b"\n") == 3
    assert b"\r" not in raw


@pytest.mark.parametrize(("name", "status"), [("sup", 200), ("seat1", 200), ("aud", 403), (None, 303)])
def test_only_who_may_see_calls_is_given_a_stream(console: ConsoleRig, name: str | None, status: int) -> None:
    console.people()
    answer = console.web.client(name).get(f"/live?call={CALL}", buffered=False)
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"
    answer.close()


def test_a_call_of_another_team_is_in_nobodys_stream_who_may_not_see_it(console: ConsoleRig) -> None:
    console.people()
    console.watched.play(violated(verdict(MUTE)))
    console.watched.say("a secret")
    answer = console.web.client("other").get(f"/live?call={CALL}", buffered=False)
    pieces = iter(answer.response)
    next(pieces)
    first = next(pieces)
    answer.close()
    assert b"secret" not in first
    assert parsed(first)[2][1] == {"k": "rows", "rows": []}
    assert console.watched.feed.whole(CallId(CALL), OTHERS) is None


def test_a_session_that_is_ended_ends_its_stream(console: ConsoleRig) -> None:
    console.people()
    client = console.web.client("sup")
    answer = client.get("/live", buffered=False)
    pieces = iter(answer.response)
    next(pieces), next(pieces)
    console.web.accounts.run(lambda store: store.change("sup", disabled=True))
    console.watched.now += 5
    console.watched.say("a secret")
    assert b"over" in next(pieces)
    answer.close()


def test_an_account_of_another_role_is_given_another_stream(console: ConsoleRig) -> None:
    console.people()
    answer = console.web.client("sup").get("/live", buffered=False)
    pieces = iter(answer.response)
    next(pieces), next(pieces)
    console.web.accounts.run(lambda store: store.change("sup", role=Staff.AUDITOR.value))
    console.watched.now += 5
    console.watched.say("a secret")
    assert b"over" in next(pieces)
    answer.close()


def test_who_asks_for_the_head_alone_watches_no_call(console: ConsoleRig) -> None:
    console.people()
    client = console.web.client("sup")
    assert client.head(f"/live?call={CALL}").status_code == 200
    assert not console.watched.feed.watched
