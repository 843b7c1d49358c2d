"""Logging: structlog over the standard library, so that every library's lines pass the same redaction."""

import logging
import re
import sys
from typing import Literal

import structlog
from structlog.typing import Processor

# A bot token as Telegram makes them, also inside a URL ("/bot123:ABC/getMe").
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")

# Libraries that set their own logger to a lower level when they are imported, which is after this module has run.
_TALKATIVE = ("bm25s",)

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def redact(line: str) -> str:
    """Return the line without bot tokens."""
    return _TOKEN.sub("<token>", line)


def _warns(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


class _Redacting(structlog.stdlib.ProcessorFormatter):
    # The last step of all: whatever a library, a traceback or an exception's text brought in is seen here.
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def set_up(level: str, style: Literal["auto", "console", "json"]) -> None:
    """Send everything that is logged to standard error, as console lines or JSON."""
    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    # Plain tracebacks: rich ones would print local variables, which hold people's words.
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        _Redacting(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    # Libraries speak at WARNING at the most, whatever the level: below it they write URLs that hold the token (httpx)
    # and what people said (python-telegram-bot).
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for talkative in _TALKATIVE:
        logging.getLogger(talkative).addFilter(_warns)
    for ours in ("bot", "handlers"):
        logging.getLogger(ours).setLevel(level.upper())
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
