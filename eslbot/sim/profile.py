"""A leg's caller profile and states, and how they are spelled in an event's headers. Values and spelling only; knows no
audio, no greenlet and no application."""

from dataclasses import dataclass, field

STATES = {
    "CS_INIT": 2,  # as the switch itself spells it when a channel is created
    "CS_ROUTING": 2,
    "CS_SOFT_EXECUTE": 3,
    "CS_EXECUTE": 4,
    "CS_EXCHANGE_MEDIA": 5,
    "CS_PARK": 6,
    "CS_CONSUME_MEDIA": 7,
    "CS_HANGUP": 10,
    "CS_REPORTING": 11,
}
CAUSES = {
    "NONE": 0,
    "NO_ROUTE_DESTINATION": 3,
    "NORMAL_CLEARING": 16,
    "USER_BUSY": 17,
    "NO_USER_RESPONSE": 18,
    "NO_ANSWER": 19,
    "SUBSCRIBER_ABSENT": 20,
    "CALL_REJECTED": 21,
    "DESTINATION_OUT_OF_ORDER": 27,
    "NORMAL_TEMPORARY_FAILURE": 41,
    "BEARERCAPABILITY_NOTAVAIL": 58,
    "ORIGINATOR_CANCEL": 487,
    "CRASH": 500,
    "SYSTEM_SHUTDOWN": 501,
    "MANAGER_REQUEST": 503,
    "BLIND_TRANSFER": 600,
    "ALLOTTED_TIMEOUT": 602,
}
"""Hangup causes this switch knows by name, with their numbers."""

_TIMES = (
    "Profile-Created", "Channel-Created", "Channel-Answered", "Channel-Progress", "Channel-Progress-Media",
    "Channel-Hangup", "Channel-Transfer", "Channel-Resurrect", "Channel-Bridged",
)  # fmt: skip


def cause(text: str) -> str:
    """A cause by name or number; NORMAL_CLEARING for one that is not known (as switch_channel_str2cause does)."""
    if text.isdigit():
        return next((name for name, number in CAUSES.items() if number == int(text)), "NORMAL_CLEARING")
    return text.upper() if text.upper() in CAUSES else "NORMAL_CLEARING"


@dataclass(slots=True)
class Profile:
    """Who calls whom on one leg, and when things happened to it (microseconds since the epoch; 0: not)."""

    uuid: str
    direction: str
    """`inbound` or `outbound`."""
    destination: str
    channel_name: str
    caller_name: str = ""
    caller_number: str = ""
    original_name: str = ""
    original_number: str = ""
    callee_name: str = ""
    callee_number: str = ""
    network: str = ""
    ani: str = ""
    username: str = ""
    dialplan: str = ""
    rdnis: str = ""
    source: str = "src/switch_ivr_originate.c"
    context: str = "default"
    index: int = 1
    transfer_source: str = ""
    times: dict[str, int] = field(default_factory=dict)

    def headers(self, prefix: str) -> dict[str, str]:
        """`Caller-*` or `Other-Leg-*` headers, in the switch's order."""
        optional = {
            "Username": self.username, "Dialplan": self.dialplan,
            "Caller-ID-Name": self.caller_name, "Caller-ID-Number": self.caller_number,
            "Orig-Caller-ID-Name": self.original_name, "Orig-Caller-ID-Number": self.original_number,
            "Callee-ID-Name": self.callee_name, "Callee-ID-Number": self.callee_number,
            "Network-Addr": self.network, "ANI": self.ani,
            "Destination-Number": self.destination, "Unique-ID": self.uuid, "Source": self.source,
            "Transfer-Source": self.transfer_source, "Context": self.context, "RDNIS": self.rdnis,
            "Channel-Name": self.channel_name,
        }  # fmt: skip
        headers = {f"{prefix}-Direction": self.direction, f"{prefix}-Logical-Direction": self.direction}
        headers |= {f"{prefix}-{name}": value for name, value in optional.items() if value}
        if prefix == "Caller":
            headers["Caller-Profile-Index"] = str(self.index)
        headers |= {f"{prefix}-{name}-Time": str(self.times.get(name, 0)) for name in _TIMES}
        headers |= {f"{prefix}-Channel-Last-Hold": str(self.times.get("Last-Hold", 0))}
        headers |= {f"{prefix}-Channel-Hold-Accum": str(self.times.get("Hold-Accum", 0))}
        headers |= {f"{prefix}-Screen-Bit": "true"}
        headers |= {f"{prefix}-Privacy-Hide-{what}": "false" for what in ("Name", "Number")}
        return headers
