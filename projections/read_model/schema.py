"""The tables. A question walks back from its point, one seek a field; a withdrawal updates the rows of the entry it names."""

VERSION = 5
"""Raised when the tables change; `daybook rebuild` makes them anew from the log."""

TABLES = (
    """CREATE TABLE IF NOT EXISTS ledger (
        position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, recorded BIGINT NOT NULL)""",
    "CREATE UNIQUE INDEX IF NOT EXISTS ledger_stream ON ledger (stream, version)",
    """CREATE TABLE IF NOT EXISTS matters (
        slug TEXT PRIMARY KEY, title TEXT NOT NULL, summary TEXT NOT NULL, time_zone TEXT NOT NULL,
        jurisdiction TEXT NOT NULL, position INTEGER NOT NULL, audience TEXT)""",
    """CREATE TABLE IF NOT EXISTS entries (
        matter TEXT NOT NULL, key TEXT NOT NULL, position INTEGER NOT NULL, first_position INTEGER NOT NULL, kind TEXT NOT NULL,
        known BIGINT NOT NULL, starts BIGINT NOT NULL, since BIGINT NOT NULL, retracted INTEGER NOT NULL, own_slip INTEGER NOT NULL, body TEXT, search TEXT NOT NULL,
        withdrawn TEXT, PRIMARY KEY (matter, key, position, known))""",
    "CREATE INDEX IF NOT EXISTS entries_known ON entries (matter, known)",
    "CREATE INDEX IF NOT EXISTS entries_starts ON entries (matter, starts)",
    "CREATE INDEX IF NOT EXISTS entries_since ON entries (matter, since)",
    "CREATE INDEX IF NOT EXISTS entries_position ON entries (first_position)",
    """CREATE TABLE IF NOT EXISTS claims (
        matter TEXT NOT NULL, subject TEXT NOT NULL, field TEXT NOT NULL, start BIGINT NOT NULL, known BIGINT NOT NULL,
        rank INTEGER NOT NULL, position INTEGER NOT NULL, ends BIGINT, value TEXT NOT NULL, entry TEXT NOT NULL, standing TEXT NOT NULL,
        uncertain INTEGER NOT NULL, corrected_by TEXT, withdrawn TEXT,
        PRIMARY KEY (matter, subject, field, start, known, rank, position)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS fields (
        matter TEXT NOT NULL, subject TEXT NOT NULL, field TEXT NOT NULL, PRIMARY KEY (matter, subject, field)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS notices (
        matter TEXT NOT NULL, target TEXT NOT NULL, key TEXT NOT NULL, known BIGINT NOT NULL, position INTEGER NOT NULL,
        kind TEXT NOT NULL, said_by TEXT NOT NULL, scope TEXT, statement TEXT, withdrawn TEXT,
        PRIMARY KEY (matter, target, position, known, key))""",
    """CREATE TABLE IF NOT EXISTS alerts (
        position INTEGER PRIMARY KEY, alert TEXT UNIQUE, matter TEXT NOT NULL, told_on TEXT NOT NULL, person TEXT, body TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS alerts_person ON alerts (person, position)",
    "CREATE TABLE IF NOT EXISTS read_model (version INTEGER NOT NULL)",
)
DERIVED = ("matters", "entries", "claims", "fields", "notices", "alerts")
"""The tables that `rebuild` empties and makes anew; the ledger is part of the log."""
