"""The configuration of the pair of switches: the PBX under test and the switch that plays the phones.

Knows FreeSWITCH's XML and which modules the suite needs. Starts nothing, and reads of the project only
freeswitch_conf/: the PBX loads the files an admin copies, with nothing changed but passwords and ports.
"""

from dataclasses import dataclass
from pathlib import Path

CONF = Path(__file__).resolve().parents[2] / "freeswitch_conf"
PLACEHOLDER = "CHANGE-THIS-PASSWORD"
MODULES = (
    "mod_console",
    "mod_logfile",
    "mod_commands",
    "mod_dptools",
    "mod_dialplan_xml",
    "mod_event_socket",
    "mod_sofia",
    "mod_loopback",
    "mod_hash",
    "mod_sndfile",
    "mod_native_file",
    "mod_tone_stream",
)
PROXIED = "proxy"
"""Dialled before a number: the call's audio passes the switch unread."""
OPTIONAL = ("mod_audio_fork", "mod_opus", "mod_spandsp", "mod_conference")


@dataclass(frozen=True, slots=True)
class Place:
    """One switch's own ports on 127.0.0.1 and directory."""

    directory: Path
    sip_port: int
    socket_port: int
    rtp_first: int
    """First of 1000 UDP ports for audio."""
    password: str
    codecs: str = "PCMU"
    domain: str = "127.0.0.1"
    loglevel: str = "info"
    proving_port: int = 0
    """Of a second SIP profile, at which who calls has to prove to be a user of the directory; 0: there is none."""


USER, SECRET = "1950", "phone-secret"
"""The directory's phone of a supervisor, and its password."""
AGENTS = tuple(str(number) for number in range(1000, 1100))
"""The directory's phones of agents; their password is the same."""


def _params(values: dict[str, str | int]) -> str:
    return "".join(f'<param name="{name}" value="{value}"/>' for name, value in values.items())


def _settings(name: str, values: dict[str, str | int]) -> str:
    return f'<configuration name="{name}.conf"><settings>{_params(values)}</settings></configuration>'


def _sofia(place: Place) -> str:
    profile = _params(
        {
            "sip-ip": "127.0.0.1",
            "rtp-ip": "127.0.0.1",
            "sip-port": place.sip_port,
            "context": "default",
            "dialplan": "XML",
            "auth-calls": "false",
            "inbound-codec-prefs": place.codecs,
            "outbound-codec-prefs": place.codecs,
            "inbound-codec-negotiation": "generous",
            "rtp-timer-name": "soft",
            "rtp-timeout-sec": 60,
            "dtmf-type": "rfc2833",
            "force-register-domain": place.domain,
        }
    )
    profiles = f'<profile name="internal"><settings>{profile}</settings></profile>'
    if place.proving_port:
        strict = profile.replace(f'value="{place.sip_port}"', f'value="{place.proving_port}"')
        strict = strict.replace('name="auth-calls" value="false"', 'name="auth-calls" value="true"')
        profiles += f'<profile name="proving"><settings>{strict}</settings></profile>'
    return (
        '<configuration name="sofia.conf"><global_settings/><profiles>'
        f"{profiles}</profiles></configuration>"
    )


def _core(place: Place, modules: tuple[str, ...]) -> str:
    loads = "".join(f'<load module="{module}"/>' for module in modules)
    log = f'<map name="all" value="{_levels(place.loglevel)}"/>'
    return (
        _settings(
            "switch",
            {
                "loglevel": place.loglevel,
                "max-sessions": 2000,
                "sessions-per-second": 200,
                "rtp-start-port": place.rtp_first,
                "rtp-end-port": place.rtp_first + 999,
                "core-db-name": "core",
                "colorize-console": "false",
            },
        )
        + f'<configuration name="modules.conf"><modules>{loads}</modules></configuration>'
        + f'<configuration name="console.conf"><mappings>{log}</mappings><settings/></configuration>'
        + '<configuration name="logfile.conf"><settings/><profiles><profile name="default"><settings/>'
        + f"<mappings>{log}</mappings></profile></profiles></configuration>"
        + '<configuration name="acl.conf"><network-lists/></configuration>'
        + _sofia(place)
        + _CONFERENCE
    )


_CONFERENCE = (
    '<configuration name="conference.conf"><advertise/><caller-controls/><profiles><profile name="default">'
    f'{_params({"rate": 8000, "interval": 20, "energy-level": 0})}</profile></profiles></configuration>'
)


def _levels(lowest: str) -> str:
    every = ("debug", "info", "notice", "warning", "err", "crit", "alert")
    return ",".join(every[every.index(lowest) :])


def _document(place: Place, head: str, configuration: str, dialplan: str, users: str) -> str:
    # A preprocessor line swallows whatever else stands on its line.
    return f"""<?xml version="1.0"?>
<document type="freeswitch/xml">
  <X-PRE-PROCESS cmd="set" data="local_ip_v4=127.0.0.1"/>
  <X-PRE-PROCESS cmd="set" data="domain={place.domain}"/>
  {head}
  <section name="configuration">{configuration}</section>
  <section name="dialplan"><context name="default">{dialplan}</context></section>
  <section name="directory"><domain name="{place.domain}"><groups><group name="default"><users>
    {users}
  </users></group></groups></domain></section>
</document>
"""


def pbx(
    place: Place, prompts: Path, gate_port: int, modules: tuple[str, ...], phones_port: int, codes_port: int
) -> None:
    """Writes the PBX's configuration: freeswitch_conf/ as an admin would install it, and a way to the phones.

    A bare number that is dialled is called at the phones, so that the example gate has somewhere to lead.
    """
    base = place.directory / "conf"
    (base / "dialplan").mkdir(parents=True, exist_ok=True)
    (base / "directory").mkdir(exist_ok=True)
    for file in sorted((CONF / "dialplan/default").glob("*.xml")):
        (base / "dialplan" / file.name).write_text(file.read_text())
    for file in sorted((CONF / "directory/default").glob("*.xml")):
        (base / "directory" / file.name).write_text(file.read_text().replace(PLACEHOLDER, place.password))
    socket = (CONF / "autoload_configs/event_socket.conf.xml").read_text().replace(PLACEHOLDER, place.password)
    (base / "event_socket.conf.xml").write_text(socket.replace('value="8021"', f'value="{place.socket_port}"'))
    values = (CONF / "eslbot_vars.xml").read_text()
    values = values.replace("eslbot_prompts=/usr/local/share/eslbot/prompts", f"eslbot_prompts={prompts}")
    values = values.replace("eslbot_gate_address=127.0.0.1:8084", f"eslbot_gate_address=127.0.0.1:{gate_port}")
    values = values.replace("eslbot_phones_address=127.0.0.1:8086", f"eslbot_phones_address=127.0.0.1:{codes_port}")
    (base / "eslbot_vars.xml").write_text(values)
    dialplan = (
        '\n<X-PRE-PROCESS cmd="include" data="dialplan/*.xml"/>\n'
        f'<extension name="proxied"><condition field="destination_number" expression="^{PROXIED}(\\d+)$">'
        '<action application="set" data="proxy_media=true"/>'
        f'<action application="bridge" data="sofia/internal/$1@127.0.0.1:{phones_port}"/></condition></extension>'
        '<extension name="phones"><condition field="destination_number" expression="^(\\d+)$">'
        f'<action application="bridge" data="sofia/internal/$1@127.0.0.1:{phones_port}"/></condition></extension>'
    )
    (base / "freeswitch.xml").write_text(
        _document(
            place,
            '<X-PRE-PROCESS cmd="include" data="eslbot_vars.xml"/>',
            _core(place, modules) + '\n<X-PRE-PROCESS cmd="include" data="event_socket.conf.xml"/>\n',
            dialplan,
            "".join(map(_user, (USER, *AGENTS)))
            + '\n<X-PRE-PROCESS cmd="include" data="directory/*.xml"/>\n',
        )
    )


def _user(number: str) -> str:
    return (
        f'<user id="{number}"><params><param name="password" value="{SECRET}"/></params><variables>'
        '<variable name="user_context" value="default"/></variables></user>'
    )


def phones(place: Place, codecs: tuple[str, ...] = ()) -> None:
    """Writes the configuration of the switch that plays the phones.

    A phone is a number. It answers, keeps what it hears in heard/<number>.r8 (s16le mono, 8 kHz) and says
    speech/<number>.wav once, then nothing. 9486 is busy, 9487 never answers, 9488 is not there.
    """
    base = place.directory / "conf"
    base.mkdir(parents=True, exist_ok=True)
    for name in ("speech", "heard"):
        (place.directory / name).mkdir(exist_ok=True)

    def refuse(number: str, *actions: str) -> str:
        steps = "".join(actions)
        condition = f'<condition field="destination_number" expression="^{number}$">{steps}</condition>'
        return f'<extension name="{number}">{condition}</extension>'

    def action(name: str, data: str = "") -> str:
        return f'<action application="{name}" data="{data}"/>'

    dialplan = (
        refuse("9486", action("respond", "486"))
        + refuse("9487", action("ring_ready"), action("sleep", "60000"), action("hangup", "NO_ANSWER"))
        + refuse("9488", action("respond", "404"))
        + refuse(
            r"(\d+)",
            action("set", "enable_file_write_buffering=false"),
            action("set", "RECORD_READ_ONLY=true"),
            action("set", "playback_terminators=none"),
            action("answer"),
            action("record_session", f"{place.directory}/heard/$1.r8"),
            action("playback", f"{place.directory}/speech/$1.wav"),
            action("endless_playback", "silence_stream://3600000"),
        )
    )
    socket = _settings(
        "event_socket",
        {"listen-ip": "127.0.0.1", "listen-port": place.socket_port, "password": place.password, "nat-map": "false"},
    )
    text = _document(place, "", _core(place, MODULES + codecs) + socket, dialplan, "")
    (base / "freeswitch.xml").write_text(text)
