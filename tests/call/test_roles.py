"""A role comes from the variable, else from the leg's own number, and never from what a stranger claims."""

import re

import pytest

from eslbot.call.roles import RolePatterns, leg_of
from eslbot.model.call import Role
from tests.words import AGENT, created

PATTERNS = RolePatterns(agent=re.compile(r"10\d\d"), customer=re.compile(r"9\d+"))


def test_the_variable_decides_before_any_number() -> None:
    assert leg_of(created(AGENT, role="customer", number="1001"), PATTERNS).role is Role.CUSTOMER


def test_a_value_that_is_no_role_is_as_if_it_were_not_there() -> None:
    assert leg_of(created(AGENT, role="boss", number="1001"), PATTERNS).role is Role.AGENT


@pytest.mark.parametrize(("number", "role"), [
    ("1001", Role.AGENT), ("9001", Role.CUSTOMER), ("10011", Role.UNKNOWN), ("01001", Role.UNKNOWN),
    ("", Role.UNKNOWN), ("1001\n", Role.UNKNOWN),
])
def test_patterns_match_the_whole_number(number: str, role: Role) -> None:
    assert leg_of(created(AGENT, number=number), PATTERNS).role is role


def test_a_number_that_two_patterns_claim_is_unknown() -> None:
    both = RolePatterns(agent=re.compile(r"\d+"), customer=re.compile(r"9\d+"))
    assert leg_of(created(AGENT, number="9001"), both).role is Role.UNKNOWN


def test_a_caller_is_known_by_the_user_who_signed_in() -> None:
    leg = leg_of(created(AGENT, inbound=True, user="1001", caller="9001", number="9005"), PATTERNS)
    assert (leg.role, leg.number) == (Role.AGENT, "1001")


def test_a_callers_claimed_number_counts_only_where_it_is_trusted() -> None:
    claims = created(AGENT, inbound=True, caller="1001", number="9005")
    assert leg_of(claims, PATTERNS).role is Role.UNKNOWN
    trusting = RolePatterns(PATTERNS.agent, PATTERNS.customer, trust_caller_number=True)
    assert leg_of(claims, trusting).role is Role.AGENT
