"""A recording heard by the API: the ranges are the exported file's, the audit has each playing first, and where it
cannot be written nothing is played."""

import io
import wave
from pathlib import Path

import pytest

from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.record.keys import KeyProblem, new_identity
from eslbot.service.people.sounds import Sounds
from eslbot.store import Ledger, StoreProblem
from eslbot.store.rows import CallRow, StayRow
from eslbot.store.store import Store
from eslbot.supervise.access import Staff
from eslbot.supervise.records import Records
from eslbot.supervise.web import api
from tests.record.rig import CALL, IDENTITY, Rig, audio, frame, until
from tests.supervise.web.rig import WebRig

SAMPLES = 50_000


class House:
    """A sealed recording of an agent of team north, and people who want to hear it."""

    def __init__(self, directory: Path, asks: bool = False) -> None:
        sealed = Rig(directory)
        one = sealed.open()
        one.take(frame(0, SAMPLES))
        one.close()
        until(lambda: sealed.closed)
        sealed.die()
        self.greenlets = Greenlets()
        self.url = f"sqlite:///{directory}/eslbot.db"
        self.store = Store(self.url, self.greenlets)
        self.store.calls.put(CallRow(CALL, "pbx1", 1.0, True, agent="seat7", team="north"))
        self.store.stays.put(StayRow(CALL, 1, "leg", 1.0, "seat7", "north"))
        self.store.recordings.put(sealed.closed[0])
        self.store.flush(30)
        self.clock = SteadyClock()
        self.identities = [IDENTITY]
        self.away = False
        records = Records(self.store, self.clock, lambda entry: None)
        self.sounds = Sounds(self._keys, sealed.options.directory, records, self._audit, self.clock, asks)
        self.web = WebRig(directory, records.handlers, [api.blueprint(self.sounds)])
        for name, team in (("lead", "north"), ("su", "south")):
            self.web.add(name, Staff.SUPERVISOR, [team])

    def _keys(self):
        if not self.identities:
            raise KeyProblem("no key there")
        return self.identities

    def _audit(self, entry):
        if self.away:
            raise StoreProblem("the audit cannot be written")
        Ledger(self.url).append(entry)

    def hear(self, name="lead", query="", **headers):
        headers |= self.web.token(name)
        return self.web.app.test_client().get(f"/api/v1/recordings/{CALL}/audio{query}", headers=headers)

    def played(self):
        rows = [row for row in Ledger(self.url).rows() if row.what == "play"]
        assert all(", with age1" in row.detail for row in rows)
        return [(row.who, row.call, row.detail.partition(", with ")[0], row.reason) for row in rows]

    def stop(self):
        self.web.stop()
        self.sounds.stop()
        self.store.stop()
        self.greenlets.stop()
        assert self.web.failures == []


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    yield house
    house.stop()


def test_all_of_it_is_a_wav_file_and_a_range_is_that_part_of_it(house):
    whole = house.hear()
    assert (whole.status_code, whole.mimetype) == (200, "audio/wav")
    with wave.open(io.BytesIO(whole.data)) as file:
        assert file.readframes(SAMPLES) == audio(0, SAMPLES)
    part = house.hear(Range="bytes=70000-70099")
    assert (part.status_code, part.data) == (206, whole.data[70000:70100])
    assert part.headers["Content-Range"] == f"bytes 70000-70099/{len(whole.data)}"
    assert house.hear(Range=f"bytes={len(whole.data)}-").status_code == 416
    stale = house.hear(Range="bytes=0-9", **{"If-Range": '"of another state"'})
    assert (stale.status_code, len(stale.data)) == (200, len(whole.data))
    mono = house.hear(query="?side=agent")
    assert len(mono.data) - 44 == SAMPLES * 2


def test_each_playing_is_audited_once_however_many_ranges_it_asks_for(house):
    for start in (0, 1000, 2000):
        assert house.hear(Range=f"bytes={start}-{start + 9}").status_code == 206
    assert house.played() == [("account:lead", CALL, "both, part 1", "")]


def test_where_the_audit_cannot_be_written_nothing_is_played(house):
    house.away = True
    answer = house.hear()
    assert answer.status_code == 503
    assert b"RIFF" not in answer.data
    house.away = False
    assert house.hear().status_code == 200


def test_what_is_another_teams_or_not_there_is_not_played(house):
    assert house.hear("su").status_code == 404
    assert house.hear(query="?part=2").status_code == 404
    house.store.recordings.patch(CALL, 1, state="erased").wait(30)
    assert house.hear().status_code == 404
    assert house.played() == []


def test_with_a_key_that_opens_it_not_it_says_so(house):
    house.identities = []
    assert house.hear().json["detail"] == "no key there"
    house.identities = [new_identity()]
    assert house.hear().status_code == 409
    assert house.hear().status_code == 409


def test_a_reason_is_asked_for_and_kept_without_a_number(tmp_path):
    house = House(tmp_path, asks=True)
    try:
        assert house.hear().status_code == 409
        assert house.hear(query="?reason=complaint+of+13800138000").status_code == 200
        assert house.hear(Range="bytes=0-9").status_code == 206
        [(_, _, _, reason)] = house.played()
        assert reason.startswith("complaint of ")
        assert "13800138000" not in reason
    finally:
        house.stop()
