"""What the service tells of itself."""

import orjson

from tests.service.rig import Rig


def test_each_time_the_store_goes_away_people_are_told_and_a_row_it_refuses_is_counted_only(rig: Rig) -> None:
    service = rig.start()
    for kind in ("store-down", "store-down", "store-row-refused"):
        service.troubles.store_alarm(kind, "OperationalError: database is locked")
    service.store.flush(30)
    rows = rig.rows("alerts")
    assert [(row.call, row.kind, row.severity) for row in rows] == [("", "store-down", "severe")] * 2
    assert len({row.id for row in rows}) == 2
    counted = {
        where: service.registry.get_sample_value("eslbot_troubles_total", {"where": where})
        for where in ("store-down", "store-row-refused")
    }
    assert counted == {"store-down": 2, "store-row-refused": 1}


def test_each_call_that_turned_out_to_have_no_recording_is_told_of_once(rig: Rig) -> None:
    service = rig.start()
    one, two = (f"{n:08x}-1111-4111-8111-111111111111" for n in (1, 2))
    output = orjson.dumps({"since": 1.0, "missing": [
        {"call": one, "what": "none", "told": ""}, {"call": two, "what": "unclosed", "told": ""}]})
    for _ in range(2):
        service.troubles.chore_done("completeness", output)
        service.store.flush(30)
    rows = rig.rows("alerts")
    assert [(row.call, row.kind, row.detail) for row in rows] == [
        (one, "recording-missing", "reconciled: it ended without one"),
        (two, "recording-missing", "reconciled: it was begun and never closed")]
