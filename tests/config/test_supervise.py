"""What may be set of supervisors' phones, of texts and of escalation."""

import pytest
from pydantic import ValidationError

from eslbot.config.supervise import EscalationSection, MessageSection, SuperviseSection


@pytest.mark.parametrize("dial", ["user/{number}", "sofia/gateway/pbx/{number}", "user/{number}@10.0.0.1:5060"])
def test_a_dial_string_has_the_number_once(dial):
    assert SuperviseSection(dial=dial).dial == dial


@pytest.mark.parametrize("dial", ["user/1900", "user/{number}{number}", "user/{number} &park()", "{x=1}user/{number}",
                                  "user/${number}", "user/{number},user/1", "user/{number}|user/1", "user/'{number}'"])
def test_a_dial_string_that_could_say_more_than_where_to_dial_is_refused(dial):
    with pytest.raises(ValidationError, match="dial string"):
        SuperviseSection(dial=dial)


def test_phones_on_call_are_phones_numbers():
    assert SuperviseSection.model_validate({"on_call": ["1900", "desk.7"]}).on_call == ("1900", "desk.7")
    with pytest.raises(ValidationError, match="phone"):
        SuperviseSection.model_validate({"on_call": ["1900 1901"]})


def test_texts_need_to_know_where_phones_are_registered():
    with pytest.raises(ValidationError, match="domain"):
        MessageSection(reminders=True)
    assert MessageSection(reminders=True, domain="pbx.example").reminders


def test_an_escalation_needs_somebody_to_be_told():
    with pytest.raises(ValidationError, match="somebody"):
        EscalationSection.model_validate({"after": "60s"})
    for to in ({"phones": ["1900"]}, {"webhook": "https://hooks.example/"}):
        assert EscalationSection.model_validate({"after": "60s", **to}).after == 60.0
