"""Fuzzers: one target a file, guided by coverage (`make fuzz`); what they ever found is replayed by `make test`."""
