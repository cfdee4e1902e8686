"""What the HTTP API can do, one line an operation: its path, the handler's verb that does it, what it takes and gives.
The routes, the OpenAPI document and the reference are made of this table, so a verb that the service has is in all of
them once it stands here. Pure; knows no request and no handler."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eslbot.supervise.access import Permission
from eslbot.supervise.web.schemas import FLAG, ROLE, SCOPE, TIME, Schema, maybe, named, several

PATH = "/api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    """`method path` asks the handler of `verb`; parts of the path, the query and the body become its arguments."""

    verb: str
    method: str
    path: str
    """Below PATH; parts in braces are arguments."""
    summary: str
    answer: str
    """Name of its schema (schemas.py)."""
    takes: tuple[Permission, ...]
    """One of these."""
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Mapping[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    """Of the body."""
    about: str = ""
    status: int = 200
    idempotent: bool = False
    """Takes an Idempotency-Key: what was answered once is answered again, and not done again."""

    long: bool = False
    """May take longer than an answer usually may."""

    @property
    def tag(self) -> str:
        return self.path.split("/")[1]


P = Permission
PLAIN: Schema = {"type": "string", "pattern": r"^[^\u0000]*$"}
"""No NUL: PostgreSQL keeps none."""
WHY: Schema = {**PLAIN, "maxLength": 500, "description": "Kept in the audit; needed where [reasons] says so."}
SAID: Schema = {**PLAIN, "minLength": 1, "maxLength": 500, "description": "Sealed with the call, without numbers."}
BECAUSE: Schema = {**PLAIN, "minLength": 1, "maxLength": 500, "description": "Kept in the audit."}
ID: Schema = {**PLAIN, "maxLength": 200, "description": "As the header Idempotency-Key."}
FOR: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": 3600, "description": "It ends by itself after that."}
PHONE: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$",
                 "description": "Your phone's number; absent: your account's."}
WAIT: Schema = {"type": "boolean", "default": False, "description": "Answer once you are in, or say why not."}
LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
AFTER: Schema = {**PLAIN, "maxLength": 500, "description": "The last answer's `next`."}
NAME: Schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{0,63}$"}
SECRET: Schema = {**PLAIN, "maxLength": 256, "writeOnly": True}
WORD: Schema = {**PLAIN, "maxLength": 200}
LANGUAGE: Schema = {"type": "string", "enum": ["zh", "en"]}
ACCOUNT: Mapping[str, Schema] = {
    "role": ROLE, "teams": several({"type": "string", "pattern": r"^[\w.-]{1,64}$"}), "phone": maybe(WORD),
    "password": SECRET, "pin": maybe(SECRET), "must_change": {**FLAG, "default": True},
    "language": maybe({**LANGUAGE, "description": "Of the console's pages; none: the browser's."}),
}


def act(
    verb: str, summary: str, takes: Permission = P.ACT, required: tuple[str, ...] = (), answer: str = "Done",
    **body: Schema,
) -> Operation:
    """Something done to a call that is up."""
    return Operation(verb, "POST", f"/calls/{{call}}/{verb}", summary, answer, (takes,),
                     body={**body, "reason": WHY, "id": ID}, required=required, idempotent=True)


ACTS: tuple[Operation, ...] = (
    act("mute", "The customer stops hearing the agent, for a while", seconds=FOR),
    act("unmute", "The customer hears the agent again"),
    act("hangup", "End the agent's leg; the customer hears the closing announcement"),
    act("listen", "Your phone rings, you hear both sides, nobody hears you", answer="Joined", phone=PHONE, wait=WAIT),
    act("whisper", "The agent hears you, the customer does not", answer="Joined", phone=PHONE, wait=WAIT),
    act("barge", "Both sides hear you", answer="Joined", phone=PHONE, wait=WAIT),
    act("takeover", "You talk with the customer; the agent is out", answer="Joined", phone=PHONE, wait=WAIT),
    act("leave", "End your part in the call; after a takeover the closing plays", answer="Joined", phone=PHONE),
    act("mask", "Nothing of what is said is kept, times stay; for payment data", takes=P.MASK, seconds=FOR),
    act("unmask", "What is said is kept again", takes=P.MASK),
    act("correct", "The customer hears a prepared sentence", required=("prompt",), prompt=WORD),
)
"""A new verb of calls is one more line."""

OPERATIONS: tuple[Operation, ...] = (
    Operation("calls", "GET", "/calls", "The calls that are up, as far as they are yours to see", "Calls",
              (P.SEE, P.OWN)),
    Operation("call", "GET", "/calls/{call}", "One of them", "Call", (P.SEE, P.OWN),
              about="`call` is any leg's uuid, or its first six characters or more, where they mean one call only."),
    *ACTS,
    Operation("shadow", "GET", "/shadow", "Whether nothing is done to calls but what people command", "Shadow",
              (P.OPERATE,)),
    Operation("shadow", "PUT", "/shadow", "Switch shadow mode", "Shadow", (P.OPERATE,),
              body={"on": FLAG, "reason": WHY}, required=("on",)),
    Operation("disarm", "POST", "/disarm", "Take the closing back from all calls, and arm no more", "Disarmed",
              (P.OPERATE,), body={"reason": WHY}, idempotent=True),
    Operation("recordings", "GET", "/recordings", "Recordings, newest first", "Recordings", (P.LIST,), query={
        "limit": LIMIT, "after": AFTER, "since": TIME, "before": TIME, "agent": WORD, "team": WORD, "state": WORD}),
    Operation("recording", "GET", "/recordings/{call}", "One recording, and what was found and done in its call",
              "Kept", (P.LIST,)),
    Operation("keeping", "GET", "/recordings/{call}/keeping", "Whether it is held, or was erased", "Keeping",
              (P.ERASE,)),
    Operation("hold", "POST", "/recordings/{call}/hold", "Put it under a legal hold", "Keeping", (P.ERASE,),
              body={"reason": BECAUSE, "id": ID}, required=("reason",), idempotent=True,
              about="Neither erasure nor its period's end touches it until it is released."),
    Operation("release", "POST", "/recordings/{call}/release", "End a legal hold", "Keeping", (P.ERASE,),
              body={"reason": BECAUSE, "id": ID}, required=("reason",), idempotent=True),
    Operation("erase", "POST", "/recordings/{call}/erase", "Destroy its keys and its files, for good", "Keeping",
              (P.ERASE,), body={"reason": BECAUSE, "id": ID}, required=("reason",), idempotent=True, long=True,
              about="Refused while it is held or the call is up. Erased again it gives the same receipt."),
    Operation("record", "GET", "/record", "An agent's calls and what was found in them: one's own, or another's",
              "Record", (P.OWN, P.LIST), query={
                  "agent": WORD, "days": {"type": "number", "exclusiveMinimum": 0, "maximum": 366, "default": 28}}),
    Operation("appeals", "GET", "/appeals", "Appeals: the open ones, due first, or others, filed last first", "Appeals",
              (P.APPEALS, P.OWN), query={"state": named(["open", "closed", "all"]), "limit": LIMIT, "after": AFTER},
              about="An agent's own; of others those of agents of your teams."),
    Operation("appeal_file", "POST", "/appeals", "Appeal a violation of your own", "Appeal", (P.OWN,),
              body={"violation": WORD, "reason": SAID, "id": ID}, required=("violation", "reason"), status=201,
              idempotent=True, about="Once, when the call has ended, and within `[appeals] within`."),
    Operation("appeal", "GET", "/appeals/{appeal}", "A violation, its words, and its appeal", "AppealRead",
              (P.APPEALS, P.OWN),
              about="`appeal` is the violation's `id`. An agent's own violation is here before it is appealed, too. "
                    "Opening the words is audited."),
    Operation("appeal_withdraw", "POST", "/appeals/{appeal}/withdraw", "Take an open appeal of your own back", "Appeal",
              (P.OWN,), body={"id": ID}, idempotent=True),
    Operation("appeal_decide", "POST", "/appeals/{appeal}/decide", "Decide an appeal, for good", "Appeal", (P.APPEALS,),
              body={"outcome": named(["upheld", "rejected"]), "reason": SAID, "id": ID},
              required=("outcome", "reason"), idempotent=True,
              about="Upheld: the violation does not count. Not your own, nor one of a call in which you acted."),
    Operation("alerts", "GET", "/alerts", "What people were told of, newest first", "Alerts", (P.ALERTS, P.SEE),
              query={"limit": LIMIT, "after": AFTER, "before": TIME, "open": FLAG, "call": WORD}),
    Operation("acknowledge", "POST", "/alerts/{alert}/acknowledge", "You have seen it", "Alert", (P.ALERTS,),
              body={"reason": WHY}),
    Operation("users", "GET", "/users", "The accounts", "Users", (P.USERS,)),
    Operation("user_add", "POST", "/users", "Make an account", "User", (P.USERS,),
              body={"name": NAME, **ACCOUNT}, required=("name", "role"), status=201),
    Operation("user", "GET", "/users/{name}", "One account, with its sessions and tokens", "User", (P.USERS,)),
    Operation("user_change", "PATCH", "/users/{name}", "Change what is given of it", "User", (P.USERS,),
              body={**ACCOUNT, "disabled": FLAG},
              about="A new role or password, and disabling it, end its sessions."),
    Operation("user_remove", "DELETE", "/users/{name}", "Take it away, with its sessions and tokens", "Removed",
              (P.USERS,)),
    Operation("user_sign_out", "POST", "/users/{name}/sign-out", "End its sessions", "Ended", (P.USERS,)),
    Operation("tokens", "GET", "/tokens", "API tokens", "Tokens", (P.USERS,), query={"name": WORD}),
    Operation("token_new", "POST", "/tokens", "Make an API token; only this answer shows it", "Token", (P.USERS,),
              body={"name": NAME, "label": WORD, "scopes": several(SCOPE),
                    "days": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 36500, "default": 90,
                             "description": "null: for as long as the account."}},
              required=("name",), status=201),
    Operation("token_revoke", "DELETE", "/tokens/{id}", "Make a token worthless", "Revoked", (P.USERS,)),
)
