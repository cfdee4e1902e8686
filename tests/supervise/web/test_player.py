"""Recordings in the browser: who may see and hear which, by ranges, and that nothing plain is left anywhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eslbot.store.chain import Entry
from eslbot.store.listing import place_of
from eslbot.store.rows import StayRow
from tests.record.rig import CALL, IDENTITY, STARTED, audio
from tests.service.played import EVIL, SAMPLES, playing, record
from tests.supervise.web.console_rig import ConsoleRig
from tests.supervise.web.test_console import Elements, data_of

SOUND = f"/recordings/{CALL}/audio"


class Recorded(ConsoleRig):
    """The console with one recording and the key for it."""

    def __init__(self, directory: Path, asks: bool = False, key: bool = True) -> None:
        self.audited: list[Entry] = []
        super().__init__(directory)
        record(self.store, directory, self.web.greenlets)
        play = playing(self.store, directory, self.audited, asks) if key else None
        self.web.app.extensions["eslbot-console"] = type(self.parts)(self.parts.feed, self.store, play)
        self.people()


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    rig = Recorded(tmp_path)
    yield rig
    rig.stop()
    assert rig.web.failures == []


def ranged(client: Any, wanted: str) -> Any:
    return client.get(SOUND, headers={"Range": wanted})


def test_the_page_has_words_with_times_marks_and_the_sound(recorded: Recorded) -> None:
    page = recorded.web.client("qa").get(f"/recordings/{CALL}").get_data(as_text=True)
    data: Any = data_of(page)["recording"]
    assert data["words"][0]["words"][0] == ["稳", 2.0, 2.01]
    assert data["hits"][0]["weight"] == 3
    found = Elements(page).found
    assert [one["src"] for tag, one in found if tag == "audio"] == [f"{SOUND}?part=1"]
    assert "img" not in [tag for tag, _ in found]
    assert EVIL not in page
    assert [one.what for one in recorded.audited] == ["play"]


def test_any_range_of_the_sound_is_that_range_and_an_open_one_is_given_in_parts(recorded: Recorded) -> None:
    client = recorded.web.client("qa")
    client.get(f"/recordings/{CALL}")
    size = 44 + 4 * SAMPLES
    answer = ranged(client, "bytes=0-")
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, f"bytes 0-{size - 1}/{size}")
    whole = answer.data
    assert whole[44 : 44 + 32_000] == audio(0, 8_000)
    answer = ranged(client, "bytes=1001-5000")
    assert (answer.status_code, answer.data) == (206, whole[1001:5001])
    assert ranged(client, "bytes=-100").data == whole[-100:]
    answer = ranged(client, f"bytes={size}-")
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert client.get(SOUND).data == whole
    tag = answer.headers["ETag"]
    assert client.get(SOUND, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200
    assert client.get(SOUND, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206


def test_an_answer_to_an_open_range_is_never_long(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eslbot.supervise.web.player.AT_ONCE", 1000)
    answer = ranged(recorded.web.client("qa"), "bytes=500-")
    assert (answer.headers["Content-Range"], len(answer.data)) == (f"bytes 500-1499/{44 + 4 * SAMPLES}", 1000)


@pytest.mark.parametrize(("name", "page", "sound"), [
    ("sup", 200, 200), ("qa", 200, 200), ("aud", 200, 200), ("seat1", 403, 403), ("other", 404, 404), (None, 303, 303)])
def test_only_who_may_hear_a_recording_hears_it(recorded: Recorded, name: str | None, page: int, sound: int) -> None:
    client = recorded.web.client(name)
    assert (client.get(f"/recordings/{CALL}").status_code, client.get(SOUND).status_code) == (page, sound)
    assert bool(recorded.audited) == (page == 200)


def test_the_list_shows_what_is_theirs_with_its_violations(recorded: Recorded) -> None:
    page = recorded.web.client("sup").get("/recordings").get_data(as_text=True)
    assert f"/recordings/{CALL}?part=1" in page
    assert "sev-3" in page
    assert CALL not in recorded.web.client("other").get("/recordings").get_data(as_text=True)
    [row] = recorded.store.recordings.find()
    place = place_of(row)
    for query, there in (("from=2026-11-18", True), ("from=2026-11-19", False), ("to=2026-11-17", False),
                         ("from=2026-11-19&zone=Pacific/Kiritimati", True), ("from=2026-11-19&zone=../..", False),
                         ("from=2026-11-18&zone=%00", True),
                         ("state=erased", False), ("state=partial", True), ("state=%27;drop", True), ("from=x", True),
                         (f"after={place}", False), (f"after={place[:-1]}2", True)):
        page = recorded.web.client("sup").get(f"/recordings?{query}").get_data(as_text=True)
        assert (f"/recordings/{CALL}?part=1" in page) == there, query


def test_a_recording_of_nobody_known_is_for_those_who_see_all(recorded: Recorded) -> None:
    recorded.store.stays.put(StayRow(CALL, 1, "leg", STARTED))
    recorded.store.flush(30)
    assert recorded.web.client("qa").get(f"/recordings/{CALL}").status_code == 200
    assert recorded.web.client("other").get(f"/recordings/{CALL}").status_code == 404


def test_a_reason_is_asked_for_before_anything_is_opened(tmp_path: Path) -> None:
    rig = Recorded(tmp_path, asks=True)
    try:
        client = rig.web.client("qa")
        page = client.get(f"/recordings/{CALL}").get_data(as_text=True)
        assert 'name="reason"' in page
        assert data_of(page)["recording"] is None
        assert client.get(SOUND).status_code == 409
        assert rig.audited == []
        answer = client.post(f"/recordings/{CALL}?part=1", data={"reason": "投诉 & more"})
        page = client.get(answer.headers["Location"]).get_data(as_text=True)
        assert data_of(page)["recording"] is not None
        assert [one.reason for one in rig.audited] == ["投诉 & more"]
        assert ranged(client, "bytes=0-9").status_code == 206
    finally:
        rig.stop()


def test_without_a_key_the_page_says_so(tmp_path: Path) -> None:
    rig = Recorded(tmp_path, key=False)
    try:
        client = rig.web.client("qa")
        assert "[keys] identity" in client.get(f"/recordings/{CALL}").get_data(as_text=True)
        assert client.get(SOUND).status_code == 404
    finally:
        rig.stop()


def test_nothing_that_was_played_lies_in_plain_on_the_disk(recorded: Recorded, tmp_path: Path) -> None:
    client = recorded.web.client("qa")
    client.get(f"/recordings/{CALL}")
    assert ranged(client, "bytes=0-").status_code == 206
    needles = (audio(0, 64), audio(20_000, 64), "稳".encode(), IDENTITY.secret)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if any(needle in file.read_bytes() for needle in needles)]
