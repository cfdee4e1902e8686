"""Which recogniser takes the next stream, and how long a failing one is left alone."""

from eslbot.listen.client import address
from eslbot.listen.endpoint import Endpoint, Fleet
from tests.listen.collected import Clock


def test_a_failing_recogniser_is_tried_less_and_less_often() -> None:
    clock = Clock()
    fleet = Fleet(clock)
    endpoint = Endpoint("x", address("ws://h:1"), ready=True)
    fleet.endpoints.append(endpoint)
    pauses = []
    for _ in range(8):
        fleet.failed(endpoint)
        assert fleet.choose() is None
        pauses.append(endpoint.not_before - clock.now)
        clock.now = endpoint.not_before
        assert fleet.choose() is endpoint
    assert pauses == sorted(pauses)
    assert pauses[0] <= 0.2
    assert pauses[-1] == 5.0
    fleet.took(endpoint)
    fleet.failed(endpoint)
    assert endpoint.not_before - clock.now == pauses[0]
