"""What a FreeSWITCH does to a bridged call, stated once: who hears what, and what a recording hears.

Data only; measured on FreeSWITCH 1.11.3-dev with PCMU at 8 kHz, each row with either party as the A leg. Every command
of an Act is answered with +OK. In commands {agent}, {customer}, {supervisor} stand for the legs' uuids, {file} for a
WAV of ours, {group} for a name of its own. Sets of names say whose tone is heard: agent, customer, supervisor, file.
"""

from dataclasses import dataclass

from tests.conformance.rig import Role

NOTHING: frozenset[str] = frozenset()


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to a bridged call, and who then hears what. All of it is over after `undo` and the file's end."""

    name: str
    commands: tuple[str, ...]
    agent: frozenset[str]
    customer: frozenset[str]
    undo: tuple[str, ...] = ()
    wait: float = 0.0
    """Seconds between the commands and the listening."""


MUTE_CUSTOMER_WRITE = "uuid_audio {customer} start write mute -4"
LIFT = "uuid_audio {customer} stop"

ACTS = (
    Act("nothing", (), _set("customer"), _set("agent")),
    Act("mute what the customer hears", (MUTE_CUSTOMER_WRITE,), _set("customer"), NOTHING, (LIFT,)),
    Act(
        "mute what the agent says",
        ("uuid_audio {agent} start read mute -4",),
        _set("customer"),
        NOTHING,
        ("uuid_audio {agent} stop",),
    ),
    Act(
        "mute what the agent hears",
        ("uuid_audio {agent} start write mute -4",),
        NOTHING,
        _set("agent"),
        ("uuid_audio {agent} stop",),
    ),
    Act(
        "mute what the customer says",
        ("uuid_audio {customer} start read mute -4",),
        NOTHING,
        _set("agent"),
        (LIFT,),
    ),
    Act("a mute lifted", (MUTE_CUSTOMER_WRITE, LIFT), _set("customer"), _set("agent")),
    Act("a mute twice, lifted once", (MUTE_CUSTOMER_WRITE, MUTE_CUSTOMER_WRITE, LIFT), _set("customer"), _set("agent")),
    Act("a lift of nothing", (LIFT, LIFT), _set("customer"), _set("agent")),
    Act("reminder", ("uuid_displace {agent} start {file} 0 m",), _set("customer file"), _set("agent")),
    Act("displace the agent's ear", ("uuid_displace {agent} start {file} 0",), _set("file"), NOTHING),
    Act("displace the agent's mouth", ("uuid_displace {agent} start {file} 0 r",), NOTHING, _set("file")),
    Act(
        "mixed into the agent's mouth",
        ("uuid_displace {agent} start {file} 0 mr",),
        _set("customer"),
        _set("agent file"),
    ),
    Act("announcement", ("uuid_displace {customer} start {file} 0 m",), _set("customer"), _set("agent file")),
    Act(
        "announcement, then mute",
        ("uuid_displace {customer} start {file} 0 m", MUTE_CUSTOMER_WRITE),
        _set("customer"),
        NOTHING,
        (LIFT,),
    ),
    Act(
        "mute, then announcement",
        (MUTE_CUSTOMER_WRITE, "uuid_displace {customer} start {file} 0 m"),
        _set("customer"),
        _set("file"),
        (LIFT,),
    ),
    Act("displace the customer's ear", ("uuid_displace {customer} start {file} 0",), NOTHING, _set("file")),
    Act("broadcast to the A leg", ("uuid_broadcast {agent} {file} aleg",), _set("file"), NOTHING),
    Act("broadcast to the B leg", ("uuid_broadcast {agent} {file} bleg",), NOTHING, _set("file")),
    Act("broadcast to both", ("uuid_broadcast {agent} {file} both",), _set("file"), _set("file")),
    Act(
        "a release that FreeSWITCH runs by itself, not yet due",
        ("sched_api +60 {group} uuid_audio {customer} stop", MUTE_CUSTOMER_WRITE),
        _set("customer"),
        NOTHING,
        ("sched_del {group}", LIFT),
    ),
    Act(
        "a release that FreeSWITCH runs by itself",
        ("sched_api +1 {group} uuid_audio {customer} stop", MUTE_CUSTOMER_WRITE),
        _set("customer"),
        _set("agent"),
        wait=2.5,
    ),
    Act(
        "a release taken back",
        ("sched_api +1 {group} uuid_audio {customer} stop", MUTE_CUSTOMER_WRITE, "sched_del {group}"),
        _set("customer"),
        NOTHING,
        (LIFT,),
        wait=2.5,
    ),
)


@dataclass(frozen=True, slots=True)
class Spy:
    """A supervisor on a call: `originate {variables}... &application`, then keys pressed at the supervisor's phone."""

    name: str
    application: str
    variables: tuple[str, ...]
    agent: frozenset[str]
    customer: frozenset[str]
    supervisor: frozenset[str] = frozenset(("agent", "customer"))
    keys: str = ""


BLEG, ALEG = "eavesdrop_whisper_bleg", "eavesdrop_whisper_aleg"
_ON_AGENT, _ON_CUSTOMER = "eavesdrop({agent})", "eavesdrop({customer})"
_BOTH = _set("agent customer")

SPIES = (
    Spy("listen on the agent's leg", _ON_AGENT, (), _set("customer"), _set("agent")),
    Spy("whisper to the agent", _ON_AGENT, (BLEG,), _set("customer supervisor"), _set("agent")),
    Spy("speak to the other one", _ON_AGENT, (ALEG,), _set("customer"), _set("agent supervisor")),
    Spy("barge", _ON_AGENT, (BLEG, ALEG), _set("customer supervisor"), _set("agent supervisor")),
    Spy("listen on the customer's leg", _ON_CUSTOMER, (), _set("customer"), _set("agent")),
    Spy("speak to the spied customer", _ON_CUSTOMER, (BLEG,), _set("customer"), _set("agent supervisor")),
    Spy("whisper from the customer's leg", _ON_CUSTOMER, (ALEG,), _set("customer supervisor"), _set("agent")),
    Spy("key 1", _ON_AGENT, (), _set("customer"), _set("agent supervisor"), keys="1"),
    Spy("key 2", _ON_AGENT, (), _set("customer supervisor"), _set("agent"), keys="2"),
    Spy("key 3", _ON_AGENT, (), _set("customer supervisor"), _set("agent supervisor"), keys="3"),
    Spy("key 3, then 0", _ON_AGENT, (), _set("customer"), _set("agent"), keys="30"),
    Spy("key 1 on the customer's leg", _ON_CUSTOMER, (), _set("customer supervisor"), _set("agent"), keys="1"),
    Spy("key 2 on the customer's leg", _ON_CUSTOMER, (), _set("customer"), _set("agent supervisor"), keys="2"),
    Spy("three way", "three_way({agent})", (), _set("customer supervisor"), _set("agent supervisor")),
)


@dataclass(frozen=True, slots=True)
class SpyMeanwhile:
    """A supervisor who speaks to the spied party (eavesdrop_whisper_bleg) while the call is muted, or held by the
    agent's phone. `steps`, in order: mute, hold, spy."""

    steps: str
    on: Role
    agent: frozenset[str]
    customer: frozenset[str]
    supervisor: frozenset[str]


SPIES_MEANWHILE = (
    SpyMeanwhile("mute spy", "agent", _set("customer supervisor"), NOTHING, _set("agent customer")),
    SpyMeanwhile("spy mute", "agent", _set("customer supervisor"), NOTHING, _set("agent customer")),
    SpyMeanwhile("mute spy", "customer", _set("customer"), _set("supervisor"), _set("customer")),
    SpyMeanwhile("spy mute", "customer", _set("customer"), NOTHING, _set("agent customer")),
    SpyMeanwhile("hold spy", "agent", NOTHING, NOTHING, NOTHING),
    SpyMeanwhile("spy hold", "agent", NOTHING, NOTHING, NOTHING),
    SpyMeanwhile("hold spy", "customer", NOTHING, NOTHING, _set("customer")),
    SpyMeanwhile("spy hold", "customer", NOTHING, NOTHING, _set("customer")),
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a stereo uuid_record of one leg holds meanwhile. left: what that leg says; right: what it hears."""

    name: str
    on: Role
    left: frozenset[str]
    right: frozenset[str]
    commands: tuple[str, ...] = ()
    spy: str = ""
    """The name of a row of SPIES that is set up as well."""
    before: tuple[str, ...] = ()
    """Done before the recording begins."""


RECORDED = (
    Recorded("the agent's leg", "agent", _set("agent"), _set("customer")),
    Recorded("the customer's leg", "customer", _set("customer"), _set("agent")),
    Recorded("muted by the customer's write", "customer", _set("customer"), _set("agent"), (MUTE_CUSTOMER_WRITE,)),
    Recorded(
        "muted by the agent's read", "customer", _set("customer"), NOTHING, ("uuid_audio {agent} start read mute -4",)
    ),
    Recorded("reminder", "customer", _set("customer"), _set("agent"), ("uuid_displace {agent} start {file} 0 m",)),
    Recorded(
        "announcement", "customer", _set("customer"), _set("agent"), ("uuid_displace {customer} start {file} 0 m",)
    ),
    Recorded(
        "mute and announcement",
        "customer",
        _set("customer"),
        _set("agent"),
        (MUTE_CUSTOMER_WRITE, "uuid_displace {customer} start {file} 0 m"),
    ),
    Recorded(
        "announcement by the agent's mouth",
        "customer",
        _set("customer"),
        _set("agent file"),
        ("uuid_displace {agent} start {file} 0 mr",),
    ),
    Recorded(
        "the customer's ear displaced", "customer", NOTHING, _set("agent"), ("uuid_displace {customer} start {file} 0",)
    ),
    Recorded("begun during the mute", "customer", _set("customer"), NOTHING, before=(MUTE_CUSTOMER_WRITE,)),
    Recorded(
        "begun during the mute, which is set anew",
        "customer",
        _set("customer"),
        _set("agent"),
        (LIFT, MUTE_CUSTOMER_WRITE),
        before=(MUTE_CUSTOMER_WRITE,),
    ),
    Recorded(
        "begun during the announcement",
        "customer",
        _set("customer"),
        _set("agent file"),
        before=("uuid_displace {customer} start {file} 0 m",),
    ),
    Recorded("whisper from the agent's leg", "customer", _set("customer"), _set("agent"), spy="whisper to the agent"),
    Recorded(
        "whisper from the customer's leg",
        "customer",
        _set("customer supervisor"),
        _set("agent"),
        spy="whisper from the customer's leg",
    ),
    Recorded("barge from the agent's leg", "customer", _set("customer"), _set("agent supervisor"), spy="barge"),
)
