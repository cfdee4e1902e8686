from eslbot.supervise.secrets import (
    digest,
    form_token,
    looks_like_token,
    new_session,
    new_token,
    same_form,
)


def test_no_two_are_the_same_and_the_digest_gives_none_away():
    made = {new_session() for _ in range(100)}
    assert len(made) == 100
    assert all(len(one) >= 43 and one not in digest(one) for one in made)


def test_a_token_is_known_by_its_form():
    number, token = new_token()
    assert looks_like_token(token)
    assert token.split("_")[1] == number
    assert not any(map(looks_like_token, ("", token[1:], token + "x", token.upper(), "Bearer " + token)))


def test_a_forms_token_is_its_sessions_own():
    one, other = new_session(), new_session()
    assert same_form(one, form_token(one))
    assert not same_form(one, form_token(other))
    assert not same_form(one, "")
    assert not same_form(one, "\udce9")
    assert one not in form_token(one)
