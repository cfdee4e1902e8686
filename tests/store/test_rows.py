"""The rows of every table."""

import dataclasses

from eslbot.store.appeal_rows import AppealRow
from eslbot.store.recording_rows import HoldRow, RecordingRow, TombstoneRow
from eslbot.store.rows import ActRow, AlertRow, AuditRow, CallRow, ClosingRow, FlagRow, Row, StayRow, ViolationRow

CALL = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
RECORDING = RecordingRow(CALL, "pbx1", 100.0, 8000, b"\x00header\xff", b"words", "2026/11/23/x",
                         recipients=("age1a", "age1b"), gaps=({"first": 1, "end": 2, "reason": "source"},))
ROWS: list[Row] = [
    CallRow(CALL, "pbx1", 1.5, True, "a", "b", 2.5, None, "completed"),
    StayRow(CALL, 2, "leg", 2.5, "seat7", "north", None, 800, None),
    RECORDING,
    ViolationRow("hit", CALL, 1.0, "rule", "稳赚", "pack", "1", "severe", "agreed", "agent", 3, 0, 10, 20, "广告法 25",
                 "P", None, "seat7", "north"),
    ActRow("order-1", CALL, "mute", 1.0, "done", "+OK", "rule", "hit", "", 0.1, 0.02),
    ClosingRow(CALL, "played", 5.0, 9.0),
    AlertRow("order-2", CALL, 1.0, "violation", "severe", "rule", "hit", 10, 20),
    AppealRow("5f", "hit", CALL, 1, 1.0, "seat7", "north", 9.0, "upheld", "sealed", 2.0, "account:qa", "sealed too"),
    FlagRow("shadow", "on", 1.0, "root"),
    HoldRow(CALL, 1.0, "root", "a court asked"),
    TombstoneRow(CALL, 1.0, "root", "asked to", "request", 7, 2.0, {"call": CALL, "files": ["a", "b"]}),
]
AUDIT = AuditRow(1, "id", 1, "root", "export", CALL, "sha", "why", "node", "detail", "0" * 64, "f" * 64)


def test_no_row_has_room_for_a_number_a_name_or_words() -> None:
    fields = {f.name for row in [*ROWS, AUDIT] for f in dataclasses.fields(row)}
    assert not fields & {"text", "words", "transcript", "number", "caller", "destination", "callee", "phone"}
