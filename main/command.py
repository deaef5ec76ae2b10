"""What the commands share: options, how a refusal is told, and the store of the settings."""

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from domain.errors import Refused
from importers.entries import BadEntry
from importers.yaml_lines import BadFile
from main.bootstrap import bootstrap
from main.settings import Settings
from service.daybook import Daybook
from service.recorder import STORE_ERRORS

POINT = (
    click.option("--as-of", metavar="DAY", help="In force on this day (2025-03-21) or instant; default today."),
    click.option(
        "--known-on", metavar="DAY", help="As the public knew it on this day; `now` for hindsight. Default: follows --as-of."
    ),
    click.option("--recorded-at", metavar="T", help="As this daybook had it at an instant, or at a position of its log."),
)
MATTER = click.option("--matter", metavar="SLUG", help="Only this matter.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, as the API has it.")


def options(*decorators: Callable) -> Callable:
    """Several options as one decorator."""

    def apply(function: Callable) -> Callable:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return apply


class Wrong(click.ClickException):
    """A wrong request: exit status 2, one line that names what."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """One line on stderr."""
        click.echo(f"daybook: {self.message}", err=True)


def telling(function: Callable) -> Callable:
    """Turn a refusal into one line on stderr and exit status 2."""

    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Refused as error:
            raise Wrong(f"{error.field}: {error.detail}" if error.field else error.detail) from None
        except (BadFile, BadEntry) as error:
            raise Wrong(str(error)) from None
        except STORE_ERRORS as error:
            raise Wrong(f"The store failed: {str(error).splitlines()[0] if str(error) else type(error).__name__}.") from None

    return told


def opened(create: bool = False) -> Daybook:
    """The daybook of the settings."""
    return bootstrap(Settings.from_env(os.environ), create=create)


class Commands(click.Group):
    """Click's own usage errors in our form: one line, exit status 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run and exit."""
        try:
            return super().main(*args, standalone_mode=False, **kwargs)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.exceptions.Exit as error:
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(130)
        except Wrong as error:
            error.show()
            sys.exit(2)
        except click.UsageError as error:
            hint = f" See `{error.ctx.command_path} --help`." if error.ctx else ""
            click.echo(f"daybook: {error.format_message()}{hint}", err=True)
            sys.exit(2)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


def print_answer(body: Any, as_json: bool, readable: Callable[[], None]) -> None:
    """The answer as JSON, or as its readable form."""
    if as_json:
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        readable()
