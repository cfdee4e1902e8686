"""eslbot stands beside a FreeSWITCH and keeps its outbound calls lawful and decent while they are going on."""

__version__ = "0.1.0"
