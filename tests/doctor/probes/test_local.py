import os
import socket
import subprocess

import pytest

from eslbot.doctor.probes import local


def test_a_listening_socket_is_found_with_its_owner_and_the_process_that_holds_it() -> None:
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.create_server((address, 0), family=family) as listening:
            port = listening.getsockname()[1]
            [one] = [each for each in local.listeners() if each.port == port]
            assert one.uid == os.geteuid()
            holder = local.holder_of(one.inode)
            assert holder is not None
            assert holder[0] == os.getpid()


def test_lines_that_do_not_listen_or_are_none_are_left_out() -> None:
    text = ("  sl  local_address rem_address   st\n"
            "   0: 0100007F:1F55 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 42 1 0\n"
            "   1: 0100007F:1F56 0100007F:1F55 01 00000000:00000000 00:00000000 00000000  1000        0 43 1 0\n")
    assert [(one.port, one.uid, one.inode) for one in local.parse_listeners(text)] == [(8021, 1000, 42)]


def test_a_process_has_the_groups_it_was_started_with() -> None:
    ours = local.who_runs(os.getpid(), os.getuid())
    assert ours.gids == {*os.getgroups(), os.getgid()}
    assert local.who_runs(0, os.getuid()) == local.who_is(os.getuid())   # no such process


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may start a process with other groups")
def test_a_group_that_was_given_after_the_start_is_not_the_processes(tmp_path) -> None:
    with subprocess.Popen(["sleep", "30"], user=65531, group=65531, extra_groups=[65530]) as other:
        seen = local.who_runs(other.pid, 65531)
        other.kill()
    assert seen.gids == {65531, 65530}
