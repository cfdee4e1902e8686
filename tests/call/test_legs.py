"""From legs to calls: who is whose other side, and what a transfer, a takeover or a resync means."""

import re
from dataclasses import replace

import pytest

from eslbot.call.legs import LegBook
from eslbot.call.roles import RolePatterns
from eslbot.model import facts
from eslbot.model.call import CallId, LegId, Role
from tests.words import AGENT, CALL, CUSTOMER, SECOND_AGENT, SUPERVISOR, created

PATTERNS = RolePatterns(agent=re.compile(r"10\d\d"), customer=re.compile(r"9\d+"), supervisor=re.compile(r"19\d\d"))


@pytest.fixture
def book() -> LegBook:
    return LegBook(PATTERNS, "eslbot_closing")


def tell(book: LegBook, *told: facts.Fact) -> list[facts.CallFact]:
    return [meant for fact in told for meant in book.tell(fact, False)]  # type: ignore[arg-type]


def bridged(a: LegId, b: LegId, at: float = 2.0) -> facts.LegsBridged:
    return facts.LegsBridged("pbx", at, a, b)


@pytest.mark.parametrize("agent_first", [True, False])
def test_a_call_opens_with_its_customer_and_is_joined_by_its_agent(book: LegBook, agent_first: bool) -> None:
    legs = [created(AGENT, number="1001"), created(CUSTOMER, number="9001")]
    told = tell(book, *(legs if agent_first else legs[::-1]))
    assert told == [facts.Opened(CALL, 0.0, "pbx", CUSTOMER, roles_known=True, shadow=False)]
    told = tell(book, bridged(AGENT, CUSTOMER) if agent_first else bridged(CUSTOMER, AGENT))
    assert told == [facts.Joined(CALL, 2.0, AGENT, Role.AGENT, 8000)]


def test_without_roles_the_a_leg_names_the_call(book: LegBook) -> None:
    told = tell(book, created(AGENT, number="555"), created(CUSTOMER, number="666"), bridged(AGENT, CUSTOMER))
    assert told == [
        facts.Opened(CallId(AGENT), 2.0, "pbx", AGENT, roles_known=False, shadow=False),
        facts.Joined(CallId(AGENT), 2.0, CUSTOMER, Role.UNKNOWN, 8000),
    ]


def test_two_customers_are_one_call_of_the_a_leg(book: LegBook) -> None:
    other = SECOND_AGENT
    tell(book, created(CUSTOMER, number="9001"), created(other, number="9002"))
    assert tell(book, bridged(CUSTOMER, other)) == [
        facts.Merged(CallId(other), 2.0), facts.Joined(CALL, 2.0, other, Role.CUSTOMER, 8000),
    ]


def test_the_recorded_legs_rate_is_its_own(book: LegBook) -> None:
    tell(book, created(AGENT, number="1001"), created(CUSTOMER, number="9001"))
    tell(book, facts.LegAnswered("pbx", 1.0, AGENT, 16000), facts.LegAnswered("pbx", 1.0, CUSTOMER, 8000))
    [joined] = tell(book, facts.LegsBridged("pbx", 2.0, AGENT, CUSTOMER, 16000))
    assert isinstance(joined, facts.Joined)
    assert joined.rate == 8000


def up(book: LegBook) -> None:
    tell(book, created(AGENT, number="1001"), created(CUSTOMER, number="9001"), bridged(AGENT, CUSTOMER))


def test_a_transfer_parts_and_joins_the_same_call(book: LegBook) -> None:
    up(book)
    told = tell(
        book, facts.LegsUnbridged("pbx", 3.0, AGENT, CUSTOMER), created(SECOND_AGENT, number="1002"),
        bridged(CUSTOMER, SECOND_AGENT, 4.0),
    )
    assert told == [facts.Parted(CALL, 3.0), facts.Joined(CALL, 4.0, SECOND_AGENT, Role.AGENT, 8000)]
    assert tell(book, facts.LegHungUp("pbx", 5.0, AGENT, "NORMAL_CLEARING")) == []


def test_a_takeover_joins_the_supervisor(book: LegBook) -> None:
    up(book)
    told = tell(book, created(SUPERVISOR, number="1900"), bridged(SUPERVISOR, CUSTOMER, 4.0))
    assert told == [facts.Joined(CALL, 4.0, SUPERVISOR, Role.SUPERVISOR, 8000)]


def test_a_supervisors_phone_is_known_after_a_restart_by_the_number_that_was_rung(book: LegBook) -> None:
    """What the switch says by then is where its leg was sent."""
    book.seat("pbx", SUPERVISOR, CALL, "1900")
    tell(book, created(SUPERVISOR, number=f"eavesdrop:{AGENT},sleep:3000"))
    assert book.on_the_phone("1900")


def test_the_end_of_the_agent_parts_once_whatever_order_it_is_told_in(book: LegBook) -> None:
    up(book)
    told = tell(
        book, facts.LegHungUp("pbx", 5.0, AGENT, "NORMAL_CLEARING"), facts.LegsUnbridged("pbx", 5.1, AGENT, CUSTOMER),
        facts.LegDestroyed("pbx", 5.2, AGENT),
    )
    assert told == [facts.Parted(CALL, 5.0)]


def test_the_end_of_the_customer_ends_the_call_once(book: LegBook) -> None:
    up(book)
    told = tell(
        book, facts.LegHungUp("pbx", 5.0, CUSTOMER, "NORMAL_CLEARING"),
        facts.LegsUnbridged("pbx", 5.1, AGENT, CUSTOMER), facts.LegDestroyed("pbx", 5.2, CUSTOMER),
    )
    assert told == [facts.Gone(CALL, 5.0, "hung-up")]


def test_only_the_closings_playback_on_the_customers_leg_counts(book: LegBook) -> None:
    up(book)
    assert tell(book, facts.PlaybackStarted("pbx", 5.0, CUSTOMER, "x.wav", "9001")) == []
    assert tell(book, facts.PlaybackStarted("pbx", 5.0, AGENT, "x.wav", "eslbot_closing")) == []
    told = tell(
        book, facts.PlaybackStarted("pbx", 6.0, CUSTOMER, "x.wav", "eslbot_closing"),
        facts.PlaybackStopped("pbx", 9.0, CUSTOMER, "x.wav", "eslbot_closing", True),
    )
    assert told == [facts.ClosingStarted(CALL, 6.0), facts.ClosingStopped(CALL, 9.0, True)]


def test_a_leg_told_again_keeps_its_latched_role(book: LegBook) -> None:
    up(book)
    assert tell(book, created(AGENT, role="customer")) == []
    tell(book, facts.LegsUnbridged("pbx", 3.0, AGENT, CUSTOMER))
    assert tell(book, bridged(AGENT, CUSTOMER, 4.0)) == [facts.Joined(CALL, 4.0, AGENT, Role.AGENT, 8000)]


def test_legs_that_a_resync_does_not_name_are_gone(book: LegBook) -> None:
    up(book)
    assert book.missing("other", (), 9.0, "lost") == []
    assert book.missing("pbx", (AGENT,), 9.0, "lost") == [facts.Gone(CALL, 9.0, "lost")]


def test_a_call_from_a_journal_goes_on(book: LegBook) -> None:
    book.adopt("pbx", CALL, CUSTOMER, Role.CUSTOMER, AGENT, Role.AGENT)
    assert book.call_of(AGENT) == CALL
    assert tell(book, created(CUSTOMER, number="9001"), created(AGENT, number="1001")) == []
    assert tell(book, facts.LegHungUp("pbx", 5.0, CUSTOMER, "X")) == [facts.Gone(CALL, 5.0, "hung-up")]


# --- attended transfer, as a real switch tells it ---------------------------------------------------------------------
def consulting(book: LegBook) -> list[facts.CallFact]:
    """att_xfer: the agent's leg is bridged to a second agent while the customer waits; no unbridge comes before."""
    up(book)
    second = replace(created(SECOND_AGENT, number="1002", at=2.5), originator=AGENT)
    assert tell(book, second) == [facts.ConsultBegan(CALL, 2.5)]
    return tell(book, bridged(AGENT, SECOND_AGENT, 3.0))


def test_an_agent_who_consults_another_is_still_the_customers(book: LegBook) -> None:
    consult = CallId(AGENT)
    assert consulting(book) == [
        facts.ConsultBegan(CALL, 3.0),
        facts.Opened(consult, 3.0, "pbx", AGENT, roles_known=False, shadow=False),
        facts.Joined(consult, 3.0, SECOND_AGENT, Role.AGENT, 8000),
    ]
    assert book.joined(CALL)


def test_a_consult_that_comes_to_nothing_gives_the_agent_back(book: LegBook) -> None:
    consulting(book)
    left = facts.LegHungUp("pbx", 4.0, SECOND_AGENT, "X"), facts.LegsUnbridged("pbx", 4.1, AGENT, SECOND_AGENT)
    told = tell(book, *left)
    assert told == [facts.Parted(CallId(AGENT), 4.0), facts.ConsultEnded(CALL, 4.0)]
    told = tell(book, bridged(AGENT, CUSTOMER, 4.2))
    assert told == [facts.Merged(CallId(AGENT), 4.2), facts.Joined(CALL, 4.2, AGENT, Role.AGENT, 8000)]


def test_a_consult_that_succeeds_joins_the_second_agent(book: LegBook) -> None:
    consulting(book)
    told = tell(
        book, facts.LegHungUp("pbx", 4.0, AGENT, "X"), facts.LegsUnbridged("pbx", 4.1, AGENT, SECOND_AGENT),
        bridged(SECOND_AGENT, CUSTOMER, 4.2), facts.LegsUnbridged("pbx", 4.3, AGENT, CUSTOMER),
    )
    assert told == [
        facts.Parted(CALL, 4.0), facts.Gone(CallId(AGENT), 4.0, "hung-up"),
        facts.Joined(CALL, 4.2, SECOND_AGENT, Role.AGENT, 8000),
    ]
    assert tell(book, facts.LegHungUp("pbx", 9.0, SECOND_AGENT, "X"))[0] == facts.Parted(CALL, 9.0)


def test_a_consult_is_told_of_also_where_the_second_agents_leg_is_an_old_one(book: LegBook) -> None:
    up(book)
    assert tell(book, created(SECOND_AGENT, number="1002")) == []
    assert tell(book, bridged(SECOND_AGENT, AGENT, 3.0))[0] == facts.ConsultBegan(CALL, 3.0)
    assert facts.ConsultEnded(CALL, 4.0) in tell(book, facts.LegHungUp("pbx", 4.0, SECOND_AGENT, "X"))


@pytest.mark.parametrize("by", [CUSTOMER, SUPERVISOR, None], ids=["the customer's", "unknown", "a command's"])
def test_a_leg_that_no_agent_in_a_call_had_called_is_no_consult(book: LegBook, by: LegId | None) -> None:
    up(book)
    assert tell(book, replace(created(SECOND_AGENT, number="1002"), originator=by)) == []


def test_an_agent_first_call_is_no_consult(book: LegBook) -> None:
    customer = replace(created(CUSTOMER, number="9001"), originator=AGENT)
    told = tell(book, created(AGENT, number="1001"), customer, bridged(AGENT, CUSTOMER, 1.0))
    assert not any(isinstance(fact, facts.ConsultBegan) for fact in told)


def test_the_customers_call_goes_on_where_the_second_agent_had_one_too(book: LegBook) -> None:
    """The second agent called the first one, so the consult bears the second one's id."""
    up(book)
    tell(book, created(SECOND_AGENT, number="1002"), created(SUPERVISOR, number="1003"))
    tell(book, bridged(SECOND_AGENT, SUPERVISOR, 3.0))
    told = tell(book, facts.LegsUnbridged("pbx", 4.0, AGENT, CUSTOMER), bridged(SECOND_AGENT, CUSTOMER, 4.1))
    assert told == [
        facts.Parted(CALL, 4.0), facts.Merged(CallId(SECOND_AGENT), 4.1),
        facts.Joined(CALL, 4.1, SECOND_AGENT, Role.AGENT, 8000),
    ]


def test_only_a_change_of_the_recorded_legs_codec_is_told(book: LegBook) -> None:
    up(book)
    assert tell(book, facts.LegRate("pbx", 3.0, CUSTOMER, 8000), facts.LegRate("pbx", 3.0, AGENT, 16000)) == []
    assert tell(book, facts.LegRate("pbx", 4.0, CUSTOMER, 16000)) == [facts.RateChanged(CALL, 4.0, 16000)]
    assert tell(book, facts.LegRate("pbx", 5.0, SECOND_AGENT, 16000)) == []


def pressed(keys: str, leg: LegId = AGENT, at: float = 5.0, apart: float = 0.5) -> list[facts.Fact]:
    return [facts.DigitPressed("pbx", at + n * apart, leg, key) for n, key in enumerate(keys)]


def test_the_agents_keys_one_right_after_the_other_ask_for_the_mask() -> None:
    book = LegBook(PATTERNS, "eslbot_closing", mask_key="*5")
    tell(book, created(AGENT, number="1001"), created(CUSTOMER, number="9001"))
    assert tell(book, *pressed("*5")) == []  # nobody is on the other side yet
    tell(book, bridged(AGENT, CUSTOMER))
    [asked] = tell(book, *pressed("1*5"))
    assert isinstance(asked, facts.Commanded)
    assert (asked.call, asked.verb, asked.by) == (CALL, "mask_key", "phone")
    [again] = tell(book, *pressed("*5", at=9.0))
    assert isinstance(again, facts.Commanded)
    assert again.id != asked.id
    assert tell(book, *pressed("5*", at=12.0)) == []
    assert tell(book, *pressed("*5", at=20.0, apart=4.0)) == []
    assert tell(book, *pressed("*5", leg=CUSTOMER, at=30.0)) == []


def test_without_a_key_of_ones_own_no_key_does_anything(book: LegBook) -> None:
    tell(book, created(AGENT, number="1001"), created(CUSTOMER, number="9001"), bridged(AGENT, CUSTOMER))
    assert tell(book, *pressed("*5")) == []


def opened(*told: facts.CallFact) -> list[facts.Opened]:
    return [fact for fact in told if isinstance(fact, facts.Opened)]


@pytest.mark.parametrize(
    ("said", "purpose"),
    [("collection", "collection"), ("survey", "survey"), ("Collection", "service"), ("x'; drop", "service"),
     ("", "service")],
)
def test_a_calls_purpose_is_what_its_channel_says_if_it_is_one_and_the_default_else(said: str, purpose: str) -> None:
    book = LegBook(PATTERNS, "eslbot_closing", purpose="service")
    leg = replace(created(CUSTOMER, number="9001"), variables=(("eslbot_purpose", said),))
    [one] = opened(*tell(book, leg))
    assert one.purpose == purpose


def test_without_roles_either_leg_may_say_what_the_call_is_for() -> None:
    book = LegBook(PATTERNS, "eslbot_closing")
    far = replace(created(CUSTOMER, number="555"), variables=(("eslbot_purpose", "survey"),))
    [one] = opened(*tell(book, created(AGENT, number="666"), far, bridged(AGENT, CUSTOMER)))
    assert one.purpose == "survey"
