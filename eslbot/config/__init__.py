"""Configuration: TOML and environment to frozen Settings; every mistake at once, with file and line."""

from eslbot.config.findings import ConfigError, Finding
from eslbot.config.load import load, read
from eslbot.config.settings import Settings

__all__ = ["ConfigError", "Finding", "Settings", "load", "read"]
