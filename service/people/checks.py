"""What a name, a password, a role and a group may be; each refusal names its field."""

import re
import unicodedata

from domain.errors import BadValue, NotFound, RuleBroken
from service.visitor import ROLES

SHELL = "shell"
"""The actor of what is done with the command line."""
_TAKEN = (SHELL, "loader", "clock", "daybook", "nobody", "anonymous")
_NAME = re.compile(r"[^\W_](?:[\w .'@+-]*[^\W_])?")
_LIKE_AN_ID = re.compile(r"[a-z]-[0-9a-f]{12,16}", re.IGNORECASE)
_GROUP = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SHORTEST, LONGEST = 12, 200
"""The length of a password, in characters."""


class NameTaken(RuleBroken):
    """Another account has the name, whatever its case."""


class NoSuchAccount(NotFound):
    """No account has the name or id."""


class LastAdmin(RuleBroken):
    """Without an admin nobody could manage accounts."""


def folded(name: str) -> str:
    """A name as it is compared: case and width do not matter."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def checked_name(name: str) -> str:
    """A name that an account may have, tidied; raises `BadValue`."""
    tidy = " ".join(unicodedata.normalize("NFKC", name).split()) if name.isprintable() else ""
    if not 2 <= len(tidy) <= 60 or not _NAME.fullmatch(tidy):
        raise BadValue(
            "A name has 2 to 60 letters, digits, spaces or . ' @ + - _ and begins and ends with a letter or digit.", "name"
        )
    if folded(tidy) in _TAKEN or _LIKE_AN_ID.fullmatch(tidy):
        raise BadValue(f"“{tidy}” is a name that Daybook uses itself. Choose another.", "name")
    return tidy


def checked_password(password: str, name: str | None) -> str:
    """A password that may be set; raises `BadValue`."""
    if len(password) < SHORTEST:
        raise BadValue(f"A password has at least {SHORTEST} characters. A few words in a row are easy to keep.", "password")
    if len(password) > LONGEST:
        raise BadValue(f"A password has at most {LONGEST} characters.", "password")
    if len(set(password)) == 1 or (name and folded(password) == folded(name)):
        raise BadValue("A password is not the name, nor one character again and again.", "password")
    return password


def checked_role(role: str) -> str:
    """A role; raises `BadValue`."""
    if role not in ROLES:
        raise BadValue(f"“{role[:40]}” is not a role. Roles: {', '.join(ROLES)}.", "role")
    return role


def checked_group(group: str) -> str:
    """The name of a group; raises `BadValue`."""
    if len(group) > 60 or not _GROUP.fullmatch(group):
        raise BadValue("A group's name has small letters and digits, joined by hyphens, such as `trade-desk`.", "group")
    return group
