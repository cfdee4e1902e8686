"""The places that a backup's tests run on: a directory always, and an object store in a server process of its own where
services are asked for. (The store is as in tests/store/conftest.py.)"""

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot.record.backup import Place, place_of


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """moto's S3 in a process; its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the object store does not start")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """An empty bucket's URL and the server's."""
    import boto3

    for name, value in {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_DEFAULT_REGION": "us-east-1",
                        "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setitem(os.environ, name, value)
    name = f"b{uuid.uuid4().hex}"
    client = boto3.client("s3", endpoint_url=server)
    client.create_bucket(Bucket=name)
    client.close()
    return f"s3://{name}/some/prefix", server


@pytest.fixture(params=["directory", pytest.param("s3", marks=pytest.mark.services)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty one, of each kind in turn."""
    if request.param == "directory":
        return place_of(str(tmp_path / "backup"))
    url, endpoint = request.getfixturevalue("bucket")
    return place_of(url, endpoint)
