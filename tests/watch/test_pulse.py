import contextlib

import gevent

from eslbot.watch import pulse


def test_how_late_the_hub_is_is_told_again_and_again_and_what_holds_it_up_is_seen(monkeypatch):
    now, told = [100.0], []
    late = iter([0.0, 0.4, 0.0])

    def sleep(seconds):
        now[0] += seconds + next(late)

    monkeypatch.setattr(pulse.gevent, "sleep", sleep)

    def take(seconds):
        told.append(round(seconds, 6))
        if len(told) == 3:
            raise gevent.GreenletExit

    with contextlib.suppress(gevent.GreenletExit):
        pulse.beat(take, lambda: now[0])
    assert told == [0.0, 0.4, 0.0]
