"""The commands against a real admin socket; what the service does with a verb is its own."""

import pytest

from eslbot.supervise.wire import Refused

CALL = "11111111-2222-4333-8444-555555555555"


class Service:
    """Answers the verbs and keeps what was asked."""

    def __init__(self):
        self.asked = []
        self.state = "in"

    @property
    def handlers(self):
        return {verb: self._verb(verb) for verb in ("listen", "whisper", "barge", "takeover", "leave", "correct")}

    def _verb(self, verb):
        def answer(args, person):
            self.asked.append((verb, args))
            if args.get("phone") == "1999":
                raise Refused("1999: the phone is busy")
            return {"call": CALL, "mode": verb, "state": self.state}

        return answer


@pytest.fixture
def service(admin):
    service = Service()
    admin(service.handlers)
    return service


@pytest.mark.parametrize(
    ("verb", "said"),
    [("listen", "nobody hears you"), ("whisper", "the customer does not"), ("barge", "both hear you"),
     ("takeover", "the agent is out")],
)  # fmt: skip
def test_each_waits_until_one_is_in_and_says_who_hears_one(service, ask, verb, said):
    answer = ask(verb, "111111", "--phone", "1001", "--reason", "a complaint")
    assert said in answer.out
    [(asked, args)] = service.asked
    assert asked == verb
    assert args.pop("id")
    assert args == {"call": "111111", "phone": "1001", "reason": "a complaint", "wait": True}
    assert ask(verb, "111111", "--phone", "1001", "--json").json["state"] == "in"


def test_a_busy_phone_is_one_line_and_code_1(service, ask):
    said = ask("barge", "111111", "--phone", "1999")
    assert (said.code, said.err) == (1, "1999: the phone is busy\n")


def test_a_call_that_ended_meanwhile_is_no_success(service, ask):
    service.state = "gone"
    assert ask("listen", "111111", "--phone", "1001").code == 1


def test_leaving_and_correcting_name_the_call(service, ask):
    assert "you have left" in ask("leave", "111111").out
    assert "hears correction" in ask("correct", "111111", "correction").out
    assert service.asked[1][1]["prompt"] == "correction"
