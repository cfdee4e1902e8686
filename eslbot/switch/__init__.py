"""The only room that speaks FreeSWITCH: bytes to frames and events (codec), events to facts (facts), orders to commands
(commands), and the two shells around them that touch the network (link, outbound). What the switch does that one would
not expect is written down in QUIRKS.md."""
