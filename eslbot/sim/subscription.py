"""What a listener wants to hear: event names, CUSTOM subclasses, a format, filters. Pure: knows no socket."""

from dataclasses import dataclass, field

from eslbot.switch.codec import Event, Format

_NAMES = (
    "CUSTOM CLONE CHANNEL_CREATE CHANNEL_DESTROY CHANNEL_STATE CHANNEL_CALLSTATE CHANNEL_ANSWER CHANNEL_HANGUP"
    " CHANNEL_HANGUP_COMPLETE CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_BRIDGE"
    " CHANNEL_UNBRIDGE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_OUTGOING CHANNEL_PARK CHANNEL_UNPARK"
    " CHANNEL_APPLICATION CHANNEL_ORIGINATE CHANNEL_UUID API LOG INBOUND_CHAN OUTBOUND_CHAN STARTUP SHUTDOWN PUBLISH"
    " UNPUBLISH TALK NOTALK SESSION_CRASH MODULE_LOAD MODULE_UNLOAD DTMF MESSAGE PRESENCE_IN NOTIFY_IN PRESENCE_OUT"
    " PRESENCE_PROBE MESSAGE_WAITING MESSAGE_QUERY ROSTER CODEC BACKGROUND_JOB DETECTED_SPEECH DETECTED_TONE"
    " PRIVATE_COMMAND HEARTBEAT TRAP ADD_SCHEDULE DEL_SCHEDULE EXE_SCHEDULE RE_SCHEDULE RELOADXML NOTIFY PHONE_FEATURE"
    " PHONE_FEATURE_SUBSCRIBE SEND_MESSAGE RECV_MESSAGE REQUEST_PARAMS CHANNEL_DATA GENERAL COMMAND SESSION_HEARTBEAT"
    " CLIENT_DISCONNECTED SERVER_DISCONNECTED SEND_INFO RECV_INFO RECV_RTCP_MESSAGE SEND_RTCP_MESSAGE CALL_SECURE NAT"
    " RECORD_START RECORD_STOP PLAYBACK_START PLAYBACK_STOP CALL_UPDATE FAILURE SOCKET_DATA MEDIA_BUG_START"
    " MEDIA_BUG_STOP CONFERENCE_DATA_QUERY CONFERENCE_DATA CALL_SETUP_REQ CALL_SETUP_RESULT CALL_DETAIL DEVICE_STATE"
    " TEXT SHUTDOWN_REQUESTED ALL"
)
NAMES = frozenset(_NAMES.split())
"""Events FreeSWITCH knows; a word that is none of them is passed over."""
DENIED = "-ERR permission denied"


@dataclass(slots=True)
class Subscription:
    """Of one connection. `allowed`: the names its user may hear (None: all)."""

    allowed: frozenset[str] | None = None
    format: Format = "plain"
    names: set[str] = field(default_factory=set)
    subclasses: set[str] = field(default_factory=set)
    filters: list[tuple[str, str]] = field(default_factory=list)
    only: str = ""
    """The one leg whose events are wanted (myevents)."""

    def wants(self, event: Event) -> bool:
        """Whether the listener hears this event."""
        name = event["Event-Name"]
        if self.only and event.get("Unique-ID") != self.only:
            return False
        if "ALL" not in self.names and name not in self.names:
            return False
        if name == "CUSTOM" and "ALL" not in self.names and event.get("Event-Subclass") not in self.subclasses:
            return False
        if not self.filters:
            return True
        return any(str(event.get(header, "")).lower() == value.lower() for header, value in self.filters)

    def add(self, words: list[str]) -> str:
        """`event [plain|json|xml] NAME ... CUSTOM subclass ...`: the reply."""
        count = 0
        custom = False
        for place, word in enumerate(words):
            if place == 0 and word.lower() in ("plain", "json", "xml"):
                if word.lower() == "xml":
                    return "-ERR this switch writes no XML"
                self.format = "json" if word.lower() == "json" else "plain"
            elif custom:
                self.subclasses.add(word)
            elif word.upper() in NAMES:
                if self.allowed is not None and word.upper() not in self.allowed and "ALL" not in self.allowed:
                    return DENIED
                count += 1
                self.names.add(word.upper())
                custom = word.upper() == "CUSTOM"
        return f"+OK event listener enabled {self.format}" if count else "-ERR no keywords supplied"

    def remove(self, words: list[str]) -> str:
        """`nixevent NAME ...`: the reply."""
        if "ALL" in self.names:
            self.names = set(NAMES) - {"ALL"}
        known = [word.upper() for word in words if word.upper() in NAMES]
        self.names -= set(known)
        self.subclasses -= set(words)
        return "+OK events nixed" if known else "-ERR no keywords supplied"

    def clear(self) -> str:
        """`noevents`: the reply."""
        if not self.names:
            return "-ERR not listening for events"
        self.names.clear()
        self.subclasses.clear()
        return "+OK no longer listening for events"

    def filter(self, rest: str) -> str:
        """`filter [delete|add] HEADER [VALUE]`: the reply."""
        header, _, value = rest.strip().partition(" ")
        if header.lower() == "delete" and value:
            header, _, value = value.partition(" ")
            if header.lower() == "all":
                self.filters.clear()
            else:
                self.filters = [one for one in self.filters if one[0] != header or (value and one[1] != value)]
            return f"+OK filter deleted. [{header}][{value}]"
        if header.lower() == "add" and value:
            header, _, value = value.partition(" ")
        if not value:
            return "-ERR invalid syntax"
        self.filters.append((header, value))
        return f"+OK filter added. [{header}]=[{value}]"
