"""Configurations the tests start from. Knows only the file's form, nothing of what reads it."""

from pathlib import Path

RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
"""A public test recipient of the age project."""
ENVIRON = {"ESLBOT_ESL_PASSWORD": "not-the-default"}
SMALLEST = f'[[switch]]\nname = "pbx1"\n[record]\nrecipients = ["{RECIPIENT}"]\n'

CONTRACT = f"""[[switch]]                 # any number
name = "pbx1"
host = "127.0.0.1"
port = 8021
password_env = "ESLBOT_ESL_PASSWORD"
[roles]
agent = '10\\d\\d'
customer = '9\\d+'
[audio]
source = "spool"           # or "fork"
spool = "/dev/shm/eslbot"
[recogniser]
model = "demo-zh"
resample = false
[judge]
packs = ["cn-marketing", "./my-pack.yaml"]
[act]
shadow = false
allow_hang_up = false
[alert]                    # webhook = "https://..."
[close]
extension = "eslbot_closing"
context = "default"
[record]
directory = "./recordings"
recipients = ["{RECIPIENT}"]
[watch]
listen = "127.0.0.1:9464"
[store]
url = "sqlite:///eslbot.db"
[admin]
socket = "./eslbot.sock"
"""


def write(directory: Path, text: str) -> Path:
    """The text as directory/eslbot.toml."""
    path = directory / "eslbot.toml"
    path.write_text(text, encoding="utf-8")
    return path
