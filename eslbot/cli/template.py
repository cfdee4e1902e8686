"""The eslbot.toml that `eslbot init` writes: every setting, its default and what it means. Knows no file."""

TEMPLATE = """\
# eslbot: relative paths count from this file; durations are 500ms, 3s, 2m. `eslbot check` tells every mistake.
# Any key can be set from the environment: ESLBOT_WATCH__LISTEN is [watch] listen.

# node = "bot1"                           # this service's name in recordings and tables; absent: the host's

[[switch]]                                # any number
name = "pbx1"                             # in logs, metrics and tables
host = "127.0.0.1"
port = 8021
password_env = "ESLBOT_ESL_PASSWORD"      # the environment variable that holds the event socket's password
# user = "eslbot@pbx.example"             # sign in by userauth as a user of the directory: better than the password.
                                          # The domain is what fs_cli -x 'global_getvar domain' says

[roles]                                   # who is who by number, where the channel variable eslbot_role does not say
agent = '10\\d\\d'                          # regular expressions, matched whole
customer = '9\\d+'
# supervisor = '20\\d\\d'
# trust_caller_number = false             # for legs that called in: believe the caller number. Anyone can forge it

[audio]
source = "spool"                          # FreeSWITCH on this host; "fork": mod_audio_fork connects to us
spool = "/dev/shm/eslbot"                 # a tmpfs, the same path for FreeSWITCH
# group = "freeswitch"                    # of the spool's files, where FreeSWITCH runs as another user

[audio.fork]
# listen = "127.0.0.1:8085"
# advertise = "ws://bot.example:8085"     # what the switch connects to, where it is not the address above

[recogniser]
model = "demo-zh"                         # a shipped name or a directory. demo-* know only the demo's synthetic voice:
                                          # for people on the phone bring a real one (eslbot model fetch)
# url = ["ws://vosk1:2700"]               # instead of a model: vosk-servers
# resample = false                        # allow calls whose rate is not the model's
# workers = 1                             # local recogniser processes

[judge]
packs = ["cn-marketing"]                  # shipped rule packs by name, own ones by path
# directory = "./packs"                   # where `eslbot rules publish` puts packs
language = "zh"

[act]
shadow = false                            # true: judge, record and close, but do nothing to a call by ourselves
allow_hang_up = false                     # may a rule end a call?
# mute_fallback = "none"                  # after a mute that the switch refused: "hang_up", "announce" or "none"
# remind_default = "reminder"             # the prompt of a plain `remind`
# remind_gap = "15s"                      # after a reminder an agent gets no other for so long

[alert]
# webhook = "https://hooks.example/eslbot"
# secret_env = "ESLBOT_WEBHOOK_SECRET"    # the environment variable with the secret that signs each post
# allow_http = false                      # plain http to another host
# ca_file = "./ca.pem"                    # authorities to believe, where the system's do not do
# cooldown = "60s"                        # the same rule in the same call is not posted again within this time

[close]
enabled = true                            # play the closing announcement when the agent has gone
extension = "eslbot_closing"              # the dialplan extension that plays it
context = "default"

[prompts]
# path = "/usr/share/freeswitch/eslbot"   # directory of the prompts as the switch sees it; absent: the shipped ones
# language = "zh"

[record]
directory = "./recordings"
recipients = [                            # who can open the recordings: add a second key that is kept elsewhere
  "@RECIPIENT@",
]
# live = "/dev/shm/eslbot-live"           # tmpfs for the keys of calls that are going on

# [[recipient]]                           # who else can open recordings, by role; any number, each with
#                                         # role = "quality", key = "age1...", opens = "words" (or "audio", "both")

[keys]                                    # the identity that plays recordings on this machine: best none
# identity = "./eslbot.key"
# identity_command = []                   # instead: a program and its arguments that prints it, for a vault or a KMS

[watch]
listen = "127.0.0.1:9464"                 # /metrics, /healthz, /readyz

[log]
# level = "info"
# format = "auto"                         # console on a terminal, else JSON lines

[store]
url = "sqlite:///eslbot.db"

[journal]
# directory = "./journal"                 # each live call's steps, so that a restart repeats nothing

[admin]
socket = "./eslbot.sock"                  # where eslbot calls, mute, ... reach the running service (mode 0600)

[web]
enabled = true                            # pages and HTTP API for those who have an account (eslbot users add)
listen = "127.0.0.1:8088"
# certificate = "./cert.pem"              # with its key: TLS. Needed, or behind_proxy, where others than this host come
# key = "./key.pem"
# behind_proxy = ["10.0.0.7"]             # a proxy that speaks TLS for us
# public_url = "https://bot.example"      # what people type
# language = "zh"                         # where a browser asks for neither zh nor en
# connections = 640                       # of browsers and programs at a time, live pages among them
# live_pages = 320                        # of those; at most three quarters of them
# live_pages_each = 16                    # of those, one account's
# idle = "4h"                             # after that long without a request somebody has to sign in again
# lasts = "12h"                           # after that long anyway

[reasons]
# acts = ["listen", "hangup"]             # what people must give a reason for

[mask]
# key = "*5"                              # what an agent presses to mask the recording, and again to end it
# longest = "5m"                          # a mask nothing has lifted by then lifts itself and alerts
# back = "3s"                             # how far before the key or the command it begins
# hold = "3s"                             # how much of a call waits in memory, so that a mask can reach back

[appeals]
# within = "14d"                          # how long after it was found an agent may appeal a violation
# answer = "7d"                           # how soon an appeal is to be decided

[supervise]
# dial = "user/{number}"                  # how a supervisor's phone is dialled
# numbers = "[0-9]{2,8}"                  # which numbers may be dialled for one
# caller = "eslbot"                       # what rings there, as its number shows
# ring = "20s"                            # how long
# tell_agent = "supervised"               # what an agent hears when somebody listens; or "supervised-tone"
# on_call = ["1001", "1002"]              # phones that a rule's `supervisor` rings, one after another
# on_call_mode = "listen"                 # or whisper, barge, takeover
# escalate = "10s"                        # how long each of them rings before the next
# phones = "127.0.0.1:8086"               # where the dialplan asks about feature codes (*81 to *84)

[message]
# reminders = false                       # true: what a reminder says goes to the agent's phone as a text, too
# profile = "internal"                    # the SIP profile where supervisors' phones are registered
# domain = "pbx.example"                  # and the domain

[escalation]
# after = "2m"                            # an alert that nobody has acknowledged by then is told further
# severity = "severe"                     # from this severity on
# webhook = "https://chat.example/hook"   # there
# phones = ["1001"]                       # and as a text on these phones

[audit]
# reasons = false                         # true: who exports a recording must say why
# key = "./audit.key"                     # signs checkpoints of the audit (eslbot audit key makes it)
# checkpoint = "/mnt/elsewhere/audit.jsonl"  # where checkpoints are appended: best on another machine's disk
# every = "1h"                            # how often

[retention]
# keep = "180d"                           # after that a recording's keys are destroyed; absent: never
# basis = "what law or purpose it is"     # needed with keep; it stands in each receipt
# below_minimum = false                   # true: even where a pack's law asks for longer
# every = "24h"                           # how often the service looks
# rows = "5y"                             # after that the rows of a call go, too; absent: never
# default_purpose = "marketing"           # what calls are for whose channels do not say (eslbot_purpose)
# [retention.purpose.collection]          # and a period for each purpose that has one of its own, with
#                                         # keep = "1y", basis = "..."; also marketing, survey, service

[backup]
# to = "/mnt/elsewhere/eslbot"            # a directory, best on another machine's disk, or "s3://bucket/prefix"
# endpoint = "https://s3.example"         # of the object store, where it is not Amazon's
# every = "24h"                           # how often the service backs up
# keep = 7                                # snapshots
# rehearse = "7d"                         # how often a restore is rehearsed
# sample = 20                             # calls in the rehearsal
"""


def filled(recipient: str) -> str:
    """The file's text with its first recipient."""
    return TEMPLATE.replace("@RECIPIENT@", recipient)
