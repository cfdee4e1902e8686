from hypothesis import given
from hypothesis import strategies as st

from eslbot.supervise import known

HASH, OTHER = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$b3RoZXI"


def test_a_proof_is_of_its_account_until_the_password_changes():
    one = known.proof(HASH, "lead")
    assert known.fitting(HASH, "lead", [known.proof(HASH, "su"), one]) == one
    assert known.fitting(HASH, "su", [one]) == ""
    assert known.fitting(OTHER, "lead", [one]) == ""
    assert known.fitting("", "lead", [one, known.proof("", "lead")]) == ""   # no password: nobody signs in with it


@given(st.text(max_size=1200) | st.from_regex(r"[~.a-z0-9é]{0,80}", fullmatch=True))
def test_whatever_a_browser_brings_is_a_few_proofs_that_fit_nobody(text):
    found = known.held(text)
    assert len(found) <= known.MOST
    assert known.fitting(HASH, "lead", found) == ""


def test_a_shared_browser_is_known_for_the_last_few_people():
    names, kept = [f"seat{number}" for number in range(known.MOST + 2)], ""
    for name in names:
        kept = known.keeping(known.proof(HASH, name), known.held(kept))
    assert len(kept) <= known.LONGEST
    fits = [bool(known.fitting(HASH, name, known.held(kept))) for name in names]
    assert fits == [False, False] + [True] * known.MOST
