"""The sealed recording of a call, written while the call goes on: container, keys, writer, reader. FORMAT.md says how
to open one without this program. Nothing here knows a switch, a recogniser or a rule."""
