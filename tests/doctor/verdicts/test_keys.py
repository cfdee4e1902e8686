from eslbot.doctor.verdicts.keys import IdentitySeen, judge_identities, judge_recipients
from tests.doctor.conftest import levels


def test_recipients_that_are_none_and_one_alone() -> None:
    assert levels(judge_recipients(["record.recipients[0]: not a key"], 1)) == {"keys.recipients": "error"}
    assert levels(judge_recipients([], 1)) == {"keys.recipients": "warning"}
    assert levels(judge_recipients([], 2)) == {"keys.recipients": "ok"}


def test_a_key_that_the_services_user_cannot_read_is_a_hint() -> None:
    seen = IdentitySeen("/etc/eslbot/eslbot.key", "/etc/eslbot", beside=False, opens=True, readable=False)
    assert levels(judge_identities([seen], 3, True)) == {"keys.identity": "hint"}
