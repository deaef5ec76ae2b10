"""Logs to standard output, a line each; an exception is told without the values of its variables."""

import structlog


def configure() -> None:
    """Set the form of the log for a process that serves."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ]
    )
