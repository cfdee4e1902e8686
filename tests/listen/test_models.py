"""Models by name and by download: a real local HTTP server that resumes, cuts off, lies and redirects."""

import hashlib
import http.server
import io
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot import data
from eslbot.listen import models
from eslbot.listen.models import ModelError, fetch, find, rate


def model_zip(sample_rate: int = 8000, padding: int = 300_000) -> bytes:
    """An archive in the shape Vosk's are published in."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("vosk-model-x-0.1/conf/mfcc.conf", f"--sample-frequency={sample_rate}\n")
        archive.writestr("vosk-model-x-0.1/am/final.mdl", bytes(range(256)) * (padding // 256))
    return written.getvalue()


class Site:
    """What the server has and how it behaves."""

    def __init__(self) -> None:
        self.content = b""
        self.ranges = True
        self.cut_after: int | None = None
        self.asked: list[str | None] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/models/vosk-model-x-0.1.zip"

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.asked.append(asked)
        if request.path != "/models/vosk-model-x-0.1.zip":
            request.send_error(404)
            return
        begin = 0
        if asked and self.ranges:
            found = re.fullmatch(r"bytes=(\d+)-", asked)
            assert found is not None
            begin = int(found[1])
            if begin >= len(self.content):
                request.send_error(416)
                return
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {begin}-{len(self.content) - 1}/{len(self.content)}")
        else:
            request.send_response(200)
        body = self.content[begin:]
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body if self.cut_after is None else body[: self.cut_after])

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.content = model_zip()
    yield made
    made.stop()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_model_is_brought_checked_and_unpacked_with_progress(site: Site, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    directory = fetch(site.url, digest(site.content).upper(), tmp_path, lambda done, total: told.append((done, total)))
    assert directory == tmp_path / "vosk-model-x-0.1"
    assert rate(directory) == 8000
    assert told[-1] == (len(site.content), len(site.content))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert [path.name for path in tmp_path.iterdir()] == ["vosk-model-x-0.1"]


def test_cut_off_it_says_so_and_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    site.cut_after = 100_000
    with pytest.raises(ModelError, match="cut off after 100000 of"):
        fetch(site.url, digest(site.content), tmp_path)
    site.cut_after = None
    assert rate(fetch(site.url, digest(site.content), tmp_path)) == 8000
    assert site.asked == [None, "bytes=100000-"]


def test_a_server_without_ranges_is_asked_for_all_of_it(site: Site, tmp_path: Path) -> None:
    site.cut_after = 100_000
    with pytest.raises(ModelError, match="cut off"):
        fetch(site.url, digest(site.content), tmp_path)
    site.cut_after, site.ranges = None, False
    assert rate(fetch(site.url, digest(site.content), tmp_path)) == 8000


def test_a_part_of_another_version_is_thrown_away_and_the_whole_is_brought(site: Site, tmp_path: Path) -> None:
    wanted = site.content
    site.content, site.cut_after = bytes(len(wanted)), 5000
    with pytest.raises(ModelError, match="cut off"):
        fetch(site.url, digest(wanted), tmp_path)
    site.content, site.cut_after = wanted, None
    assert rate(fetch(site.url, digest(wanted), tmp_path)) == 8000


def test_a_whole_part_left_by_an_interruption_is_taken_as_it_is(site: Site, tmp_path: Path) -> None:
    (tmp_path / f".{digest(site.content)[:16]}-vosk-model-x-0.1.zip.part").write_bytes(site.content)
    assert rate(fetch(site.url, digest(site.content), tmp_path)) == 8000


def test_another_digest_unpacks_nothing(site: Site, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=digest(site.content)):
        fetch(site.url, "0" * 64, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_not_overwritten(site: Site, tmp_path: Path) -> None:
    (tmp_path / "vosk-model-x-0.1").mkdir()
    (tmp_path / "vosk-model-x-0.1" / "mine").write_text("keep")
    with pytest.raises(ModelError, match="there already"):
        fetch(site.url, digest(site.content), tmp_path)
    assert (tmp_path / "vosk-model-x-0.1" / "mine").read_text() == "keep"


def test_an_archive_without_a_model_is_named_so(site: Site, tmp_path: Path) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("x/readme", "no model")
    site.content = written.getvalue()
    with pytest.raises(ModelError, match="not a Vosk model"):
        fetch(site.url, digest(site.content), tmp_path)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/y.zip", "http://127.0.0.1/", "http:///x.zip/..", "x.zip", "http://h/.hidden"]
)
def test_only_the_http_address_of_a_file_is_one(url: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="address"):
        fetch(url, "0" * 64, tmp_path)


def test_a_digest_that_is_none_is_refused_before_anything_is_asked(site: Site, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="64 hexadecimal"):
        fetch(site.url, "abc", tmp_path)
    assert site.asked == []


def test_not_found_and_nobody_there_are_said(site: Site, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="404"):
        fetch(site.url.replace("x-0.1", "y"), "0" * 64, tmp_path)
    site.stop()
    with pytest.raises(ModelError, match="refused"):
        fetch(site.url, "0" * 64, tmp_path)
    site.__init__()  # type: ignore[misc] # so that the fixture has something to stop


def test_a_shipped_name_and_a_directory_are_found_and_nothing_else(tmp_path: Path) -> None:
    assert find("demo-zh") == data.model("demo-zh")
    with pytest.raises(ModelError, match=r"nope.*demo-zh"):
        find("nope", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=r"mfcc\.conf"):
        find("empty", tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("--sample-frequency=8000", 8000), ("--sample-frequency = 16000.0 # Hz", 16000), ("--dither=0", 16000)],
)
def test_the_rate_is_read_from_the_features_configuration(text: str, expected: int, tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "am").mkdir()
    (tmp_path / "am" / "final.mdl").touch()
    (tmp_path / "conf" / "mfcc.conf").write_text(f"--use-energy=false\n{text}\n")
    assert rate(tmp_path) == expected


def test_the_catalogue_lists_what_ships_and_nothing_without_a_digest() -> None:
    entries = {entry.name: entry for entry in models.catalogue()}
    assert entries["demo-zh"].rate == 8000
    assert entries["demo-en"].language == "en"
    for entry in entries.values():
        assert bool(entry.url) == bool(entry.sha256)
