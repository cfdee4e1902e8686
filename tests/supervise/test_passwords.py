import pytest

from eslbot.supervise.passwords import LONGEST, Passwords, Weak, check_password, check_pin

QUICK = Passwords(time_cost=1, memory_kib=8)


def test_a_hash_fits_its_password_alone_and_says_nothing_of_it():
    encoded = QUICK.hash("correct horse battery")
    assert encoded.startswith("$argon2id$")
    assert "horse" not in encoded
    assert QUICK.fits(encoded, "correct horse battery")
    assert not QUICK.fits(encoded, "correct horse batterY")
    assert QUICK.hash("correct horse battery") != encoded


def test_a_guess_costs_at_least_what_owasp_asks_of_argon2id():
    _, kind, _, costs, *_ = Passwords().hash("correct horse battery").split("$")
    memory, passes, lanes = (int(cost.partition("=")[2]) for cost in costs.split(","))
    assert kind == "argon2id"
    assert (memory >= 19 * 1024, passes >= 2, lanes) == (True, True, 1)


@pytest.mark.parametrize("encoded", ["", "plain", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_what_is_no_hash_fits_nothing(encoded):
    assert not QUICK.fits(encoded, "nobody's password")
    assert not QUICK.fits(encoded, "")


def test_a_password_is_never_cut_to_what_fits():
    encoded = QUICK.hash("x" * LONGEST)
    assert not QUICK.fits(encoded, "x" * LONGEST + "y")


@pytest.mark.parametrize("password", ["short", "x" * 300, "aaaaaaaaaaaa", "weiweiweiwei", "correct\nhorse battery"])
def test_what_is_no_password(password):
    with pytest.raises(Weak):
        check_password(password, "lead")


@pytest.mark.parametrize("password", ["correct horse battery", "密码应当足够长才可以使用", "lead likes long walks"])
def test_what_is_one(password):
    check_password(password, "lead")


@pytest.mark.parametrize("pin", [
    "", "123", "1234", "9876", "0000", "12a4", "１２３５", "1" * 13, "1212", "471471", "2580", "0852", "1984", "2026"])
def test_what_is_no_pin(pin):
    with pytest.raises(Weak):
        check_pin(pin)


@pytest.mark.parametrize(("pin", "phone"), [
    ("8021", "8021"), ("8021", "user-8021"), ("8021", "13980217"), ("80219", "8021"), ("1208", "8021")])
def test_a_pin_is_not_the_number_of_its_phone(pin, phone):
    with pytest.raises(Weak, match="own number"):
        check_pin(pin, phone)
    check_pin(pin, "1900")


@pytest.mark.parametrize("pin", ["4711", "80085", "1123"])
def test_what_is_a_pin(pin):
    check_pin(pin)
