"""The closing announcement: armed in the switch, and proven from what the switch says it played."""
