"""Short ways to say the words of model/ in tests."""

from eslbot.model import facts
from eslbot.model.call import CallId, Confirm, Direction, LegId, Role, Severity
from eslbot.model.judgement import Act, Action, Hit, Law, Verdict

CUSTOMER = LegId("11111111-1111-4111-8111-111111111111")
AGENT = LegId("22222222-2222-4222-8222-222222222222")
SECOND_AGENT = LegId("33333333-3333-4333-8333-333333333333")
SUPERVISOR = LegId("44444444-4444-4444-8444-444444444444")
CALL = CallId(CUSTOMER)


def created(uuid: LegId, role: str = "", number: str = "", at: float = 0.0, inbound: bool = False, user: str = "",
            caller: str = "") -> facts.LegCreated:
    direction = Direction.INBOUND if inbound else Direction.OUTBOUND
    return facts.LegCreated("pbx", at, uuid, direction, destination=number, caller=caller, user=user, role=role)


def verdict(*actions: Action, rule: str = "promise", severity: Severity = Severity.SEVERE,
            confirm: Confirm = Confirm.AGREED) -> Verdict:
    return Verdict(rule, "a title", "a-pack", "1", severity, confirm, actions, (Law("a law", "P"),))


def hit(rule: str = "promise", utterance: int = 0, ordinal: int = 0, role: Role = Role.AGENT) -> Hit:
    return Hit(CALL, role, utterance, rule, ordinal)


def violated(what: Verdict, confirm: Confirm = Confirm.AGREED, at: float = 10.0, start: int = 8000, end: int = 12000,
             utterance: int = 0, role: Role = Role.AGENT) -> facts.Violated:
    return facts.Violated(CALL, at, hit(what.rule, utterance, role=role), what, confirm, start, end, end)


MUTE = Action(Act.MUTE, 3.0)
ALERT = Action(Act.ALERT)
REMIND = Action(Act.REMIND, prompt="identity")
HANG_UP = Action(Act.HANG_UP)
ANNOUNCE = Action(Act.ANNOUNCE)
