"""Archives of strangers write below their directory or not at all."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.listen.unpack import UnpackError, unpack

OUTSIDE = ["../evil", "a/../../evil", "/etc/evil", "\\evil", "..\\evil", "C:\\evil", "c:evil", "a/b/../../../evil"]


def zipped(members: list[tuple[str, bytes]]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return written.getvalue()


def tarred(members: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return written.getvalue()


def put(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "archive"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_files_and_directories_come_out_as_they_went_in(kind: str, tmp_path: Path) -> None:
    members = [("m/a", b"one"), ("m/sub/b", b"two" * 1000)]
    content = zipped(members) if kind == "zip" else tarred([(tarfile.TarInfo(name), data) for name, data in members])
    unpack(put(tmp_path, content), tmp_path / "out")
    assert (tmp_path / "out/m/a").read_bytes() == b"one"
    assert (tmp_path / "out/m/sub/b").read_bytes() == b"two" * 1000


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_leads_outside_is_refused(kind: str, name: str, tmp_path: Path) -> None:
    content = zipped([(name, b"x")]) if kind == "zip" else tarred([(tarfile.TarInfo(name), b"x")])
    before = set(tmp_path.rglob("*"))
    archive = put(tmp_path, content)
    with pytest.raises(UnpackError, match="outside"):
        unpack(archive, tmp_path / "deep" / "out")
    assert set(tmp_path.rglob("*")) - before <= {archive, tmp_path / "deep", tmp_path / "deep" / "out"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_refused(kind: bytes, tmp_path: Path) -> None:
    info = tarfile.TarInfo("link")
    info.type, info.linkname = kind, "/etc/passwd"
    with pytest.raises(UnpackError, match="neither a file nor a directory"):
        unpack(put(tmp_path, tarred([(info, b"")])), tmp_path / "out")


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(UnpackError, match="neither"):
        unpack(put(tmp_path, written.getvalue()), tmp_path / "out")


def test_a_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    with pytest.raises(UnpackError, match="more than 1000000"):
        unpack(put(tmp_path, zipped([("zeros", bytes(3_000_000))])), tmp_path / "out", most=1_000_000)


@pytest.mark.parametrize("members", [[("a", b"1"), ("a", b"2")], [("a", b"1"), ("a/b", b"2")]])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_is_refused(members: list[tuple[str, bytes]], tmp_path: Path) -> None:
    with pytest.raises(UnpackError, match="twice"):
        unpack(put(tmp_path, zipped(members)), tmp_path / "out")


def test_something_else_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(UnpackError, match="neither a zip nor a tar"):
        unpack(put(tmp_path, b"hello"), tmp_path / "out")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_archive_unpacks_or_is_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = data.draw(
        st.sampled_from([zipped([("m/a", b"one" * 99)]), tarred([(tarfile.TarInfo("m/a"), b"one" * 99)])])
    )
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(whole) // 2, len(whole)))
    work = tmp_path_factory.mktemp("damaged")
    try:
        unpack(put(work, bytes(damaged[:cut])), work / "out")
    except UnpackError:
        return
    assert all(path.is_relative_to(work) for path in work.rglob("*"))
