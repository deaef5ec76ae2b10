"""Who asks or writes: an account with its role, groups and scopes; or nobody; or this daybook's own process."""

from dataclasses import dataclass

from domain.errors import Forbidden, SignInNeeded

ROLES = ("reader", "recorder", "editor", "admin")
"""Each may do what the ones before it may."""
SCOPES = ("read", "record", "matters", "alerts")
"""What a token may be used for; a session may do all that its account's role may."""
_NEEDS = {
    "read": ("reader", "read"),
    "record": ("recorder", "record"),
    "amend": ("editor", "record"),
    "matters": ("editor", "matters"),
    "alerts": ("reader", "alerts"),
    "webhooks": ("editor", "alerts"),
    "manage": ("admin", None),
}
"""For each act the least role and the scope of a token; no token may manage accounts."""

_ACTS = {
    "read": "read this",
    "record": "record entries",
    "amend": "correct or retract entries of others",
    "matters": "open matters or change who sees them",
    "alerts": "set alerts",
    "webhooks": "have alerts sent to a webhook",
    "manage": "manage accounts or read the audit",
}


@dataclass(frozen=True)
class Visitor:
    """Who stands before us. `account` is the opaque id that becomes an event's `actor`; None for nobody.

    `groups` are the groups whose private matters are seen (None: all); `token` the id of the token used, None for a session.
    """

    account: str | None = None
    role: str | None = None
    groups: frozenset[str] | None = frozenset()
    scopes: frozenset[str] = frozenset(SCOPES)
    token: str | None = None

    def may(self, act: str) -> bool:
        """Whether role and scopes allow an act: read, record, amend, matters, alerts, webhooks, manage."""
        return self._has_role(act) and (self.token is None or _NEEDS[act][1] in self.scopes)

    def _has_role(self, act: str) -> bool:
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(_NEEDS[act][0])

    def demand(self, act: str) -> None:
        """Raise `SignInNeeded` or `Forbidden` unless this visitor may do an act."""
        if self.account is None:
            raise SignInNeeded(f"Sign in, or send a token, to {_ACTS[act]}.")
        if not self.may(act):
            raise Forbidden(f"You may not {_ACTS[act]} " + ("with this token." if self._has_role(act) else "with your role."))


NOBODY = Visitor()
"""Nobody signed in: sees what is public, where reading is open."""
SHELL = Visitor("shell", "admin", None)
"""Whoever has the command line has the store: he sees and may do all."""
