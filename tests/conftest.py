"""What holds for every test: hypothesis holds no example against a clock, since the machine may be busy with others.
And what many need."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from eslbot.greenlets import Greenlets
from eslbot.record import passphrase
from eslbot.supervise.passwords import Passwords

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture
def quick_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and passphrases cost a millisecond and not half a second of a core, where what they cost is not the
    matter: tests/supervise/test_passwords and tests/record/test_passphrase have them as they are."""
    monkeypatch.setattr(Passwords.__init__, "__defaults__", (1, 8))
    monkeypatch.setattr(passphrase.seal, "__defaults__", (10,))


@pytest.fixture
def greenlets() -> Iterator[Greenlets]:
    """Where what a test starts runs, until the test is over."""
    group = Greenlets()
    yield group
    group.stop()
