"""On what was measured."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path


def described() -> str:
    """The machine and the versions that matter, in a line."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, eventsourcing {version('eventsourcing')}, daybook {version('daybook')}."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())
