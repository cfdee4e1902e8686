"""The log: one JSON object a line, or plain lines on a terminal, every value redacted. Lines of libraries go the same
way. Knows no room."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from eslbot.watch.outlet import patient
from eslbot.watch.redact import redact

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(level: str = "info", form: str = "auto", stream: TextIO | None = None) -> None:
    """Set the log up for this process. `form`: `json`, `console`, or `auto` (console on a terminal).

    `stream`: where lines go; absent: standard error. Raises ValueError for an unknown level or form.
    """
    if level not in LEVELS or form not in ("auto", "json", "console"):
        raise ValueError(f"log level {level!r} and format {form!r}: there are {', '.join(LEVELS)}; auto, json, console")
    target = stream or sys.stderr
    console = form == "console" or (form == "auto" and target.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.format_exc_info,
        redacted,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Processor = (
        structlog.dev.ConsoleRenderer(colors=target.isatty()) if console else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(patient(target))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    # Libraries stay at INFO: websockets' DEBUG lines would show frames, which hold what people said.
    logging.basicConfig(level=max(logging.INFO, LEVELS[level]), handlers=[handler], force=True)
    logging.getLogger("eslbot").setLevel(LEVELS[level])
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def redacted(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """A structlog processor: every value but structlog's own, redacted."""
    return {key: value if key.startswith("_") else redact(value, key) for key, value in event.items()}
