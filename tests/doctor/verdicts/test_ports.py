import pytest

from eslbot.doctor.verdicts.ports import PortSeen, judge


@pytest.mark.parametrize(
    ("seen", "service", "running", "level"),
    [
        (PortSeen("[watch] listen", "127.0.0.1:9464"), 0, False, "ok"),
        (PortSeen("[watch] listen", "127.0.0.1:9464"), 7, True, "hint"),
        (PortSeen("[watch] listen", "127.0.0.1:9464", "in use", True, 7, "eslbot"), 7, True, "ok"),
        (PortSeen("[watch] listen", "127.0.0.1:9464", "in use", True), 7, True, "ok"),
        (PortSeen("[watch] listen", "127.0.0.1:9464", "in use", True, 8, "prometheus"), 7, True, "error"),
        (PortSeen("[watch] listen", "127.0.0.1:9464", "in use", True), 0, False, "error"),
        (PortSeen("[watch] listen", "192.0.2.1:9464", "Cannot assign requested address"), 0, False, "error"),
        (PortSeen("[watch] listen", "127.0.0.1:0"), 7, True, "ok"),
    ],
)
def test_free_or_ours(seen, service, running, level) -> None:
    assert [one.level.value for one in judge(seen, service, running)] == [level]
