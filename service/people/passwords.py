"""Passwords as argon2id hashes. An unknown name costs the same work as a known one."""

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.people.store import new_secret


class Passwords:
    """Hashes and verifies with the parameters of argon2-cffi (RFC 9106), or those given."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self.hasher = hasher or PasswordHasher()

    @cached_property
    def _nobodys(self) -> str:
        """The hash that a password is compared with where there is none."""
        return self.hasher.hash(new_secret())

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        return self.hasher.hash(password.encode("utf-8", "surrogatepass"))

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether it is the password; for no stored one the same work is done, and the answer is no."""
        nobodys = self._nobodys
        try:
            return self.hasher.verify(stored or nobodys, password.encode("utf-8", "surrogatepass")) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

    def stale(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self.hasher.check_needs_rehash(stored)
