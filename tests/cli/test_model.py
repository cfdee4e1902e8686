import hashlib
import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


def test_the_shipped_models_are_listed_and_found(eslbot):
    rows = {row["name"]: row for row in eslbot("model", "list", "--json").json}
    assert {"demo-zh", "demo-en"} <= set(rows)
    assert rows["demo-zh"]["rate"] == 8000
    assert "demo-zh" in eslbot("model", "list").out
    path = Path(eslbot("model", "path", "demo-zh").out.strip())
    assert (path / "am" / "final.mdl").is_file() or (path / "final.mdl").is_file()
    said = eslbot("model", "path", "nothing")
    assert (said.code, said.out) == (1, "")


@pytest.fixture
def archive(eslbot):
    """A server that gives one archive with a model in it: (url, its digest)."""
    path = Path(eslbot("model", "path", "demo-zh").out.strip())
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as tar:
        tar.add(path, "my-model")
    data = memory.getvalue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/my-model.tar.gz", hashlib.sha256(data).hexdigest()
        server.shutdown()
        thread.join()


def test_a_model_is_brought_checked_and_usable(archive, tmp_path, eslbot):
    url, digest = archive
    said = eslbot("model", "fetch", url, "--sha256", digest, "--into", tmp_path)
    assert said.code == 0, said.err
    assert eslbot("model", "path", said.out.strip()).code == 0


def test_another_digest_unpacks_nothing(archive, tmp_path, eslbot):
    url, _ = archive
    said = eslbot("model", "fetch", url, "--sha256", "0" * 64, "--into", tmp_path)
    assert said.code == 1
    assert "sha256" in said.err
    assert list(tmp_path.glob("my-model*")) == []


def test_a_digest_is_not_optional(archive, tmp_path, eslbot):
    assert eslbot("model", "fetch", archive[0], "--into", tmp_path).code == 2
