"""The tables of people, beside the log in the same database. Nothing of them is made from the log, nor the log from them."""

PEOPLE_TABLES = (
    """CREATE TABLE IF NOT EXISTS accounts (
        id TEXT PRIMARY KEY, name TEXT, folded TEXT UNIQUE, password TEXT, role TEXT NOT NULL, made BIGINT NOT NULL,
        disabled BIGINT, erased BIGINT, last_sign_in BIGINT)""",
    """CREATE TABLE IF NOT EXISTS memberships (
        team TEXT NOT NULL, account TEXT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (team, account))""",
    "CREATE INDEX IF NOT EXISTS memberships_account ON memberships (account)",
    """CREATE TABLE IF NOT EXISTS invitations (
        account TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, expires BIGINT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS tokens (
        id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, account TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
        made BIGINT NOT NULL, expires BIGINT NOT NULL, used BIGINT, revoked BIGINT)""",
    "CREATE INDEX IF NOT EXISTS tokens_account ON tokens (account)",
    """CREATE TABLE IF NOT EXISTS sessions (
        id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, account TEXT NOT NULL, made BIGINT NOT NULL, seen BIGINT NOT NULL,
        expires BIGINT NOT NULL, agent TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS sessions_account ON sessions (account)",
    "CREATE TABLE IF NOT EXISTS attempts (id TEXT PRIMARY KEY, subject TEXT NOT NULL, at BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS attempts_subject ON attempts (subject, at)",
    "CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS audit (
        at BIGINT PRIMARY KEY, actor TEXT, act TEXT NOT NULL, concerns TEXT, detail TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS audit_actor ON audit (actor, at)",
    "CREATE INDEX IF NOT EXISTS audit_concerns ON audit (concerns, at)",
    *(
        f"""CREATE TRIGGER IF NOT EXISTS audit_no_{verb} BEFORE {verb} ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"""
        for verb in ("update", "delete")
    ),
    """CREATE TRIGGER IF NOT EXISTS audit_no_replace BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE at=NEW.at) BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
)
"""All are made where they are missing; `at`, `made` and the like are instants. The audit is only added to."""
