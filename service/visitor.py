"""Who asks or writes: an account with its role, groups and scopes; or nobody; or this daybook's own process."""

from dataclasses import dataclass

ROLES = ("reader", "recorder", "editor", "admin")
"""Each may do what the ones before it may."""
SCOPES = ("read", "record", "matters")
"""What a token may be used for; a session may do all that its account's role may."""
_NEEDS = {
    "read": ("reader", "read"),
    "record": ("recorder", "record"),
    "amend": ("editor", "record"),
    "matters": ("editor", "matters"),
    "manage": ("admin", None),
}
"""For each act the least role and the scope of a token; no token may manage accounts."""


@dataclass(frozen=True)
class Visitor:
    """Who stands before us. `account` is the opaque id that becomes an event's `actor`; None for nobody.

    `groups` are the groups whose private matters are seen; `token` the id of the token used, None for a session.
    """

    account: str | None = None
    role: str | None = None
    groups: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset(SCOPES)
    token: str | None = None

    def may(self, act: str) -> bool:
        """Whether role and scopes allow an act: read, record, amend, matters, manage."""
        least, scope = _NEEDS[act]
        if self.role is None or ROLES.index(self.role) < ROLES.index(least):
            return False
        return self.token is None or scope in self.scopes


NOBODY = Visitor()
"""Nobody signed in: sees what is public, where reading is open."""
