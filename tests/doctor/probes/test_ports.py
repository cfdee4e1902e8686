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


def test_only_what_is_in_use_is_wanted(made) -> None:
    def names(**tables):
        return [name for name, _ in ports.wanted(made(**tables))]

    assert names(web={"enabled": False}) == ["[watch] listen"]
    assert names() == ["[watch] listen", "[web] listen"]
    assert names(web={"enabled": False}, audio={"source": "fork"}) == ["[watch] listen", "[audio.fork] listen"]
