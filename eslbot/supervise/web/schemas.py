"""The shapes that the HTTP API speaks of, as JSON Schema: what comes back, by name. Pure; knows no path."""

from collections.abc import Mapping, Sequence
from typing import Any

from eslbot.model.call import Role, Severity
from eslbot.model.supervising import Mode
from eslbot.supervise.access import Permission, Staff
from eslbot.supervise.shown import CODES

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TIME: Schema = {"type": "number", "description": "Seconds since the epoch."}
SAMPLE: Schema = {"type": "integer", "description": "Index on the call's sample clock."}


def maybe(schema: Schema) -> Schema:
    """Or null."""
    values = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **values, "type": [schema["type"], "null"]}


def several(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def thing(properties: Mapping[str, Schema], *optional: str, about: str = "") -> Schema:
    """An object that has all of these, but for `optional` ones, and may have more some day."""
    made: Schema = {"type": "object", "properties": dict(properties),
                    "required": [name for name in properties if name not in optional]}
    return {"description": about, **made} if about else made


def named(values: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


ROLE = named([role.value for role in Staff])
SCOPE = named([permission.value for permission in Permission])
SEVERITY = named([severity.label for severity in Severity])
MODE = named([mode.value for mode in Mode])
APPEALED = named(["open", "withdrawn", "upheld", "rejected"])

SCHEMAS: Mapping[str, Schema] = {
    "Problem": thing({"title": TEXT, "status": COUNT, "detail": TEXT}, about="RFC 9457. `detail` is for people."),
    "Call": thing({
        "call": TEXT, "agent": TEXT, "team": TEXT, "switch": TEXT,
        "phase": named(["dialling", "up", "alone", "ended"]), "roles_known": FLAG, "customer": TEXT,
        "other": maybe(TEXT), "other_role": named([role.value for role in Role]), "seconds": maybe(NUMBER),
        "recording": FLAG, "muted_for": maybe(NUMBER), "masked_for": maybe(NUMBER),
        "closing_armed": FLAG, "shadow": FLAG, "consulting": FLAG, "violations": COUNT,
        "worst": maybe(SEVERITY), "disclosures": {"type": "object", "additionalProperties": TEXT},
        "supervisors": several(ref("Seat")),
    }, about="A call that is up. `customer` and `other` are legs; `agent` is an account, empty where none is known."),
    "Calls": thing({"calls": several(ref("Call")), "shadow": FLAG}),
    "Seat": thing({
        "by": TEXT, "phone": TEXT, "mode": MODE, "state": named(["ringing", "in", "consult"]), "wanted": maybe(MODE),
    }, about="A supervisor's phone in a call. `consult`: it is in, and hears nothing while the agent consults another "
       "one. `wanted`: asked for, and not done yet."),
    "Joined": thing({
        "call": TEXT, "done": several(TEXT), "mode": maybe(MODE), "state": named(["ringing", "in", "consult", "gone"]),
        "again": FLAG,
    }, "again", about="`gone`: the call, or your part in it, is over."),
    "Done": thing({"call": TEXT, "done": several(TEXT), "again": FLAG}, "again",
                  about="`done`: what the switch did; empty: it was so. `again`: it was taken up before."),
    "Shadow": thing({"shadow": FLAG}),
    "Disarmed": thing({"disarmed": COUNT}),
    "Recording": thing({
        "call": TEXT, "part": COUNT, "switch": TEXT, "started": TIME, "ended": maybe(TIME), "seconds": NUMBER,
        "rate": COUNT, "channels": COUNT, "gaps": several({"type": "object"}), "sha256": TEXT,
        "state": named(["recording", "complete", "partial", "incomplete", "erased"]), "agent": TEXT, "team": TEXT,
        "agents": several(ref("Stay")),
    }, "agent", "team", "agents", about="`agent` and `team`: of the one who came last."),
    "Recordings": thing({"recordings": several(ref("Recording")), "next": maybe(TEXT)}),
    "Keeping": thing({
        "call": TEXT, "hold": maybe({"type": "object"}), "erased": maybe({"type": "object"}),
    }, about="How a recording stands. `hold`: since when, by whom, why. `erased`: the receipt; `left` in it: files "
             "on other machines."),
    "Stay": thing({
        "agent": TEXT, "team": TEXT, "started": TIME, "ended": maybe(TIME), "first": maybe(SAMPLE),
        "end": maybe(SAMPLE),
    }, about="One agent's part of a call, in time and in samples of the recording."),
    "Violation": thing({
        "id": TEXT, "call": TEXT, "at": TIME, "rule": TEXT, "title": TEXT, "pack": TEXT, "version": TEXT,
        "severity": SEVERITY, "confirm": TEXT, "role": TEXT, "start": SAMPLE, "end": SAMPLE,
        "law_source": TEXT, "law_sure": TEXT, "retracted": maybe(TIME), "agent": TEXT, "team": TEXT,
        "appeal": maybe(APPEALED), "overturned": FLAG,
    }, about="`agent`: who was on the line when it was said; empty: nobody known. The words themselves are sealed with "
                "the recording. `overturned`: on appeal; it does not count."),
    "Act": thing({
        "id": TEXT, "call": TEXT, "kind": TEXT, "at": TIME, "outcome": TEXT, "detail": TEXT, "rule": TEXT, "by": TEXT,
        "latency": maybe(NUMBER), "reply": maybe(NUMBER),
    }),
    "Kept": thing({
        "call": TEXT, "agent": TEXT, "team": TEXT, "agents": several(ref("Stay")), "outcome": TEXT,
        "parts": several(ref("Recording")), "violations": several(ref("Violation")),
        "acts": several(ref("Act")), "closing": maybe(TEXT),
    }),
    "Alert": thing({
        "id": TEXT, "call": TEXT, "at": TIME, "kind": TEXT, "severity": TEXT, "rule": TEXT, "start": SAMPLE,
        "end": SAMPLE, "detail": TEXT, "delivery": TEXT, "delivered": maybe(TIME), "acknowledged": maybe(TIME),
        "acknowledged_by": TEXT, "escalated": maybe(TIME),
    }),
    "Alerts": thing({"alerts": several(ref("Alert")), "next": maybe(TEXT)}),
    "Record": thing({
        "agent": TEXT, "since": TIME, "calls": COUNT, "calls_with_violations": COUNT,
        "violations": several(ref("Violation")),
    }),
    "Appeal": thing({
        "id": TEXT, "state": maybe(APPEALED), "filed": maybe(TIME), "due": maybe(TIME), "overdue": FLAG,
        "closed": maybe(TIME), "closed_by": TEXT, "violation": ref("Violation"),
    }, about="`id`: the violation's. `due`: until when it is to be decided. `state`: null where nobody has appealed."),
    "Appeals": thing({"appeals": several(ref("Appeal")), "next": maybe(TEXT), "open": COUNT},
                     about="`open`: how many wait for you to decide."),
    "AppealRead": thing({
        "id": TEXT, "state": maybe(APPEALED), "filed": maybe(TIME), "due": maybe(TIME), "overdue": FLAG,
        "closed": maybe(TIME), "closed_by": TEXT, "violation": ref("Violation"), "until": TIME, "words": TEXT,
        "said": TEXT, "reason": TEXT, "answer": TEXT, "sealed": TEXT,
        "may": several(named(["file", "withdraw", "decide"])), "barred": TEXT, "detail": TEXT,
        "part": maybe(COUNT), "second": maybe(NUMBER),
    }, about="`until`: when it can be appealed no more. `words`, of the utterance `said`; `reason`, `answer`: what was "
             "written of it; empty, with a word why in `sealed`, where this service cannot open it. `may`: what you "
             "can do now; `barred`: why nothing, `detail` in words. `part`, `second`: where it is in the recording."),
    "Session": thing({"id": TEXT, "name": TEXT, "created": TIME, "seen": TIME, "until": TIME, "address": TEXT}),
    "Token": thing({
        "id": TEXT, "name": TEXT, "label": TEXT, "scopes": several(SCOPE), "created": TIME, "until": maybe(TIME),
        "used": maybe(TIME), "token": {**TEXT, "description": "In the answer that makes it, and never again."},
    }, "token"),
    "Tokens": thing({"tokens": several(ref("Token"))}),
    "User": thing({
        "name": TEXT, "role": ROLE, "teams": several(TEXT), "phone": maybe(TEXT), "password": FLAG, "pin": FLAG,
        "codes": maybe({**named(CODES), "description": "Feature codes from their phone; null: not by role."}),
        "disabled": FLAG, "must_change": FLAG, "locked_for": maybe(NUMBER), "created": TIME, "signed_in": maybe(TIME),
        "language": maybe(TEXT), "sessions": several(ref("Session")), "tokens": several(ref("Token")),
    }, "sessions", "tokens"),
    "Users": thing({"users": several(ref("User"))}),
    "Removed": thing({"removed": TEXT}),
    "Revoked": thing({"revoked": TEXT}),
    "Ended": thing({"ended": COUNT}),
}
