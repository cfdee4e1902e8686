"""Fuzzers: one target a file, coverage-guided by atheris (`make fuzz`), and their corpora, which `make test` replays."""
