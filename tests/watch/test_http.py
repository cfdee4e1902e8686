import json

import pytest
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.parser import text_string_to_metric_families

from eslbot.greenlets import Greenlets
from eslbot.watch.health import Health
from eslbot.watch.http import WatchServer
from tests.watch.clients import get, talk


@pytest.fixture
def reasons():
    return {}


@pytest.fixture
def port(reasons):
    registry, failures = CollectorRegistry(), []
    Counter("eslbot_sample", "A sample.", registry=registry).inc(3)
    greenlets = Greenlets(lambda name, error: failures.append((name, error)))
    health = Health({"link pbx1": lambda: reasons.get("link"), "recogniser": lambda: reasons.get("recogniser")})
    server = WatchServer(("127.0.0.1", 0), registry, health, greenlets, lambda *failure: failures.append(failure))
    server.start()
    yield server.port
    server.stop()
    greenlets.stop()
    assert failures == []


def test_metrics_are_what_prometheus_reads(port):
    status, body = get(port, "/metrics")
    assert status == "HTTP/1.1 200 OK"
    samples = {s.name: s.value for family in text_string_to_metric_families(body.decode()) for s in family.samples}
    assert samples == {"eslbot_sample_total": 3}
    status, body = get(port, "/metrics", "Accept: application/openmetrics-text; version=1.0.0")
    assert body.endswith(b"# EOF\n")


def test_ready_once_nothing_stands_in_the_way_and_else_the_reasons(port, reasons):
    reasons["recogniser"] = "loading"
    status, body = get(port, "/readyz")
    assert status == "HTTP/1.1 503 Service Unavailable"
    assert json.loads(body) == {"ready": False, "reasons": {"recogniser": "loading"}}
    assert get(port, "/healthz") == ("HTTP/1.1 200 OK", b'{"alive":true}')
    reasons.clear()
    status, body = get(port, "/readyz")
    assert (status, json.loads(body)) == ("HTTP/1.1 200 OK", {"ready": True, "reasons": {}})


def test_head_gives_the_head_only(port):
    answer = talk(port, b"HEAD /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(get(port, '/readyz')[1])}".encode() in head
    assert body == b""


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /secret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET //metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"404"),
        (b"DELETE /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"405"),
        (b"GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab", b"413"),
        (b"GET /metrics HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"413"),
    ],
)
def test_everything_else_is_refused_in_so_many_words(port, request_bytes, status):
    answer = talk(port, request_bytes)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert answer.count(b"HTTP/1.1") == 1
