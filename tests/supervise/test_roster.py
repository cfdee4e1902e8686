from eslbot.supervise.access import Staff
from eslbot.supervise.roster import Member, Roster

LIN = Member("lin", Staff.AGENT, ("north",), "1001")
SU = Member("su", Staff.SUPERVISOR, ("north", "south"), "2001")


def test_a_phone_is_whose_it_is_until_the_account_is_disabled():
    roster = Roster()
    roster.renew([LIN, SU])
    assert roster.by_phone("1001") is LIN
    assert roster.by_phone("") is roster.by_phone("9999") is None
    roster.renew([SU, Member("lin", Staff.AGENT, ("north",), "1001", disabled=True)])
    assert roster.by_phone("1001") is None
    assert [member.name for member in roster.all()] == ["lin", "su"]


def test_a_change_is_told_and_the_same_picture_is_not():
    roster, told = Roster(), []
    roster.on_change(lambda: told.append(len(roster.all())))
    roster.renew([LIN])
    roster.renew([Member("lin", Staff.AGENT, ("north",), "1001")])
    roster.renew([LIN, SU])
    roster.renew([SU])
    assert told == [1, 2, 1]


def test_only_an_agent_belongs_to_a_team():
    assert (LIN.team, SU.team, Member("x", Staff.AGENT).team) == ("north", "", "")
