"""What every refusal has in common; each rule's own error stands beside the rule."""


class Refused(Exception):
    """A request that cannot be done, told in the asker's words.

    `field` is the dotted path of what was wrong (`details.due`), `detail` one plain sentence.
    """

    def __init__(self, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


class BadValue(Refused):
    """A value that is not of its kind: an impossible date, an unknown name."""


class RuleBroken(Refused):
    """A well-formed request that a rule of the matter forbids."""


class NotFound(Refused):
    """Something was named that is not there."""


class SignInNeeded(Refused):
    """Nobody is signed in, or the token is not one of ours."""


class Forbidden(Refused):
    """Who is signed in may not do this."""


class Outdated(Refused):
    """What was read has changed since: it is no longer the version named."""


class VersionNeeded(Refused):
    """Say which version of the matter was read."""


class TooMany(Refused):
    """Too many requests or attempts in a short time."""

    # `wait` is in seconds.
    def __init__(self, detail: str, wait: int) -> None:
        super().__init__(detail)
        self.wait = wait
