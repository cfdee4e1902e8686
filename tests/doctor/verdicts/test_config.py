import stat

from eslbot.doctor.rights import Node, Who
from eslbot.doctor.verdicts.config import FileSeen, judge_files

OURS = Who(900, frozenset({900}), "eslbot")
TOP = Node("/", stat.S_IFDIR | 0o755, 0, 0)


def seen(directory: int, file: int) -> FileSeen:
    way = (TOP, Node("/etc/eslbot", stat.S_IFDIR | directory, 0, 0), Node("/etc/eslbot/a", stat.S_IFREG | file, 0, 0))
    return FileSeen("[audit] key", "/etc/eslbot/a", way)


def test_a_file_that_only_root_may_read_is_told_with_whom_to_give_it_to() -> None:
    [one] = judge_files([seen(0o755, 0o600), seen(0o755, 0o644)], OURS)
    assert (one.level.value, one.check, one.mend) == ("error", "config.readable", "chown eslbot /etc/eslbot/a")


def test_a_directory_that_bars_the_way_is_told_and_opened_no_further_than_for_passing() -> None:
    [one] = judge_files([seen(0o700, 0o644)], OURS)
    assert one.mend == "chmod o+x /etc/eslbot"


def test_what_all_may_read_is_good() -> None:
    assert [one.level.value for one in judge_files([seen(0o755, 0o644)], OURS)] == ["ok"]
