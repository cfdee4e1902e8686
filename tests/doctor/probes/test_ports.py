import os
import socket

from eslbot.config.fields import Address
from eslbot.doctor.probes import ports


def test_an_address_that_is_taken_names_who_has_it_and_one_that_is_free_stays_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = Address("127.0.0.1", listening.getsockname()[1])
        seen = ports.look("[watch] listen", address)
        assert (seen.taken, seen.pid) == (True, os.getpid())
    assert ports.look("[watch] listen", address).problem == ""
    with socket.create_server((address.host, address.port)):
        pass


def test_an_address_of_another_machine() -> None:
    seen = ports.look("[watch] listen", Address("192.0.2.1", 9464))
    assert (seen.taken, bool(seen.problem)) == (False, True)


def test_the_forks_address_is_wanted_where_audio_is_forked(made) -> None:
    assert len(ports.wanted(made())) == 1
    assert len(ports.wanted(made(audio={"source": "fork"}))) == 2
