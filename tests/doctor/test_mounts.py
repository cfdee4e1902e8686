from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from eslbot.doctor import mounts

TEXT = """\
/dev/sda1 / ext4 rw,relatime 0 0
tmpfs /dev/shm tmpfs rw,nosuid 0 0
tmpfs /run/my\\040spool tmpfs rw,noswap,size=1k 0 0
/dev/sdb1 /run/my\\040spool/below xfs rw 0 0
tmpfs /dev/shm tmpfs rw,noexec 0 0
"""


def test_the_deepest_mount_holds_a_path_and_of_two_at_one_point_the_later() -> None:
    there = mounts.parse(TEXT)
    assert [mounts.mount_of(Path(path), there).kind for path in ("/x", "/dev/shm/a", "/run/my spool/below/a")] == [
        "ext4", "tmpfs", "xfs"]
    assert "noexec" in mounts.mount_of(Path("/dev/shm/a"), there).options
    spool = mounts.mount_of(Path("/run/my spool/a"), there)
    assert (spool.in_memory, "noswap" in spool.options) == (True, True)
    assert mounts.mount_of(Path("/run/my spoolish"), there).kind == "ext4"


@given(st.text(alphabet=st.characters(exclude_characters="/\0\n", exclude_categories=("Cs", "Zl", "Zp", "Cc")),
               min_size=1))
def test_a_mount_points_name_is_read_back_as_the_kernel_writes_it(name: str) -> None:
    written = "".join(f"\\{ord(sign):03o}" if sign in " \t\n\\" else sign for sign in name)
    assert mounts.parse(f"tmpfs /{written} tmpfs rw 0 0\n")[0].point == Path("/" + name)


def test_the_nearest_place_that_is_there_is_asked(tmp_path: Path) -> None:
    assert mounts.nearest(tmp_path / "a" / "b") == tmp_path
    assert mounts.nearest(Path("/no/such/place")) == Path("/")


def test_shared_memory_is_in_memory_and_proc_is_not() -> None:
    assert mounts.in_memory(Path("/dev/shm/eslbot/x"))
    assert not mounts.in_memory(Path("/proc/self"))
