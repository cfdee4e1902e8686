from eslbot.supervise.access import Staff
from eslbot.supervise.roster import Member, Roster

SEAT7 = Member("seat7", Staff.AGENT, ("north",), "1001")
SU = Member("su", Staff.SUPERVISOR, ("north", "south"), "2001")


def test_a_phone_is_whose_it_is_until_the_account_is_disabled():
    roster = Roster()
    roster.renew([SEAT7, SU])
    assert roster.by_phone("1001") is SEAT7
    assert roster.by_phone("") is roster.by_phone("9999") is None
    roster.renew([SU, Member("seat7", Staff.AGENT, ("north",), "1001", disabled=True)])
    assert roster.by_phone("1001") is None
    assert [member.name for member in roster.all()] == ["seat7", "su"]


def test_a_change_is_told_and_the_same_picture_is_not():
    roster, told = Roster(), []
    roster.on_change(lambda: told.append(len(roster.all())))
    roster.renew([SEAT7])
    roster.renew([Member("seat7", Staff.AGENT, ("north",), "1001")])
    roster.renew([SEAT7, SU])
    roster.renew([SU])
    assert told == [1, 2, 1]


def test_only_an_agent_belongs_to_a_team():
    assert (SEAT7.team, SU.team, Member("x", Staff.AGENT).team) == ("north", "", "")
