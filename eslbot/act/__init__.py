"""Violations become deeds: what is due at which confirmation, and one file a verb with its undo. Pure: gives orders,
sends nothing, knows no switch command and no clock."""
