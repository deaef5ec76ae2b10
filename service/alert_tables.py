"""The tables of alerting, beside the log in the same database: who wants to be told what, what is to be sent, and where the clock stands."""

ALERT_TABLES = (
    """CREATE TABLE IF NOT EXISTS channels (
        id TEXT PRIMARY KEY, account TEXT, kind TEXT NOT NULL, name TEXT NOT NULL, target TEXT NOT NULL, secrets TEXT NOT NULL,
        made BIGINT NOT NULL, confirmed BIGINT, off TEXT, leave TEXT NOT NULL UNIQUE, proof TEXT)""",
    "CREATE INDEX IF NOT EXISTS channels_account ON channels (account)",
    """CREATE TABLE IF NOT EXISTS filters (
        id TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, about TEXT NOT NULL, made BIGINT NOT NULL,
        UNIQUE (account, name))""",
    """CREATE TABLE IF NOT EXISTS policies (
        id TEXT PRIMARY KEY, account TEXT, name TEXT NOT NULL, about TEXT NOT NULL, filter TEXT, routes TEXT NOT NULL,
        changes TEXT NOT NULL, since BIGINT NOT NULL, paused INTEGER NOT NULL, kept TEXT NOT NULL, UNIQUE (account, name))""",
    """CREATE TABLE IF NOT EXISTS preferences (
        account TEXT PRIMARY KEY, time_zone TEXT NOT NULL, quiet_from TEXT, quiet_until TEXT, digest_at TEXT NOT NULL,
        digest_day INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS snoozes (
        account TEXT NOT NULL, matter TEXT NOT NULL, subject TEXT NOT NULL, until BIGINT NOT NULL, position BIGINT NOT NULL,
        PRIMARY KEY (account, matter, subject))""",
    """CREATE TABLE IF NOT EXISTS acknowledgements (
        account TEXT NOT NULL, matter TEXT NOT NULL, subject TEXT NOT NULL, version TEXT NOT NULL, at BIGINT NOT NULL,
        PRIMARY KEY (account, matter, subject, version))""",
    """CREATE TABLE IF NOT EXISTS outbox (
        id TEXT PRIMARY KEY, account TEXT, channel TEXT NOT NULL, matter TEXT NOT NULL, subject TEXT, what TEXT NOT NULL,
        facts TEXT NOT NULL, rhythm TEXT NOT NULL, made BIGINT NOT NULL, due BIGINT NOT NULL, ready BIGINT NOT NULL, message TEXT, dropped TEXT)""",
    "CREATE INDEX IF NOT EXISTS outbox_ready ON outbox (ready) WHERE message IS NULL AND dropped IS NULL",
    "CREATE INDEX IF NOT EXISTS outbox_account ON outbox (account, made)",
    "CREATE INDEX IF NOT EXISTS outbox_message ON outbox (message)",
    "CREATE INDEX IF NOT EXISTS outbox_about ON outbox (matter, subject, channel)",
    "CREATE INDEX IF NOT EXISTS outbox_channel ON outbox (channel)",
    """CREATE TABLE IF NOT EXISTS messages (
        id TEXT PRIMARY KEY, account TEXT, channel TEXT NOT NULL, what TEXT NOT NULL, made BIGINT NOT NULL, due BIGINT NOT NULL,
        state TEXT NOT NULL, attempts INTEGER NOT NULL, next_try BIGINT NOT NULL, claimed_by TEXT, claimed_until BIGINT,
        ended BIGINT, detail TEXT, subject TEXT, body TEXT, frozen INTEGER NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS messages_waiting ON messages (channel, next_try) WHERE state='waiting'",
    "CREATE INDEX IF NOT EXISTS messages_due ON messages (next_try, made, id) WHERE state='waiting'",
    "CREATE INDEX IF NOT EXISTS messages_claimed ON messages (channel) WHERE state='waiting' AND claimed_until IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS messages_account ON messages (account, made)",
    "CREATE INDEX IF NOT EXISTS messages_state ON messages (state, due, ended)",
    """CREATE TABLE IF NOT EXISTS deliveries (
        message TEXT NOT NULL, attempt INTEGER NOT NULL, at BIGINT NOT NULL, outcome TEXT NOT NULL, detail TEXT,
        PRIMARY KEY (message, attempt))""",
    """CREATE TABLE IF NOT EXISTS subscriptions (
        id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, account TEXT NOT NULL, name TEXT NOT NULL, about TEXT NOT NULL, filter TEXT,
        made BIGINT NOT NULL, used BIGINT, revoked BIGINT)""",
    "CREATE INDEX IF NOT EXISTS subscriptions_account ON subscriptions (account)",
    """CREATE TABLE IF NOT EXISTS watched (
        matter TEXT NOT NULL, subject TEXT NOT NULL, look BIGINT, PRIMARY KEY (matter, subject))""",
    "CREATE INDEX IF NOT EXISTS watched_look ON watched (look)",
    "CREATE TABLE IF NOT EXISTS clock (name TEXT PRIMARY KEY, value BIGINT NOT NULL, holder TEXT)",
)
"""Instants are microseconds since 1970, UTC. In `outbox`, `due` is when an item was to be told, `ready` when it is looked at next, `message`
what it went into, `dropped` why it is never sent. A message's `state` is waiting, sent, given up or dropped; `account` null is the house."""
PERSONAL = ("subscriptions", "channels", "filters", "policies", "preferences", "snoozes", "acknowledgements", "outbox", "messages")
"""The tables whose rows go when an account is erased."""
