"""``lifenode``: the command itself, its exit codes, and the last resort for faults of our own.

Exit codes: 0 done; 1 part of the input could not be used and ``--strict`` asked to say so, or a check failed; 2 usage
or input; 70 a fault in lifenode; 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

import click

import lifenode
from lifenode.cli.messages import abandon_streams, tell, tell_error, use_utf8
from lifenode.errors import InvalidOption, LifenodeError, OutputError, nearest

COMMANDS = {
    "batch": "Enrich many lists, in processes or on a cluster.",
    "convert": "Translate identifiers into another namespace.",
    "edam": "Find terms of EDAM, propose them for tools, replace obsolete ones.",
    "edit": "Predict the outcomes of genome editing.",
    "enrich": "Find the terms a gene list is enriched in.",
    "eqtl": "Keep eQTL summary statistics and credible sets, and ask them.",
    "orthologs": "Find the same genes in another organism.",
    "packs": "List, build, fetch, extend and check knowledge packs.",
    "report": "Compute the report of a year, and check a text against it.",
    "resources": "List resources by dated status, and check how FAIR pages are.",
    "selftest": "Check packs, numbers and kernels on this machine.",
    "serve": "Serve the pages and the APIs.",
    "training": "Harvest, find and publish courses and materials.",
    "variants": "Look up rsIDs, places and changes, with genes and consequences.",
}


_COMPLETION = "_LIFENODE_COMPLETE"


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the commands."""
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import a command."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"lifenode.cli.{name}").command
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest ones."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = nearest(args[0], COMMANDS, 2)
            hint = f" Did you mean {' or '.join(close)}?" if close else ""
            context.fail(f'There is no command "{args[0]}".{hint}')
        return super().resolve_command(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(lifenode.__version__, "--version", message="lifenode %(version)s")
def cli() -> None:
    """A life-science service node: offline, exact, and honest about where every number comes from.

    \b
    Try:
      lifenode enrich genes.txt --organism hsapiens
      lifenode convert genes.txt --to ENTREZGENE
      lifenode packs list
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    use_utf8()
    try:
        return _run(given)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        tell_error(_usage(error), as_json=_wants_json(given))
        return 2
    except LifenodeError as error:
        tell_error(error, as_json=_wants_json(given))
        if isinstance(error, OutputError):
            abandon_streams()
        return 2
    except (KeyboardInterrupt, click.Abort):
        tell("interrupted")
        return 130
    except BrokenPipeError:
        # The reader has what it wanted.
        abandon_streams()
        return 0
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of ours must not look like an answer
        traceback.print_exc()
        kind = type(error).__name__
        tell(f"error: a fault in lifenode {lifenode.__version__} ({kind}). Please report the lines above.")
        return 70


def _run(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    if _COMPLETION in os.environ:
        cli.main(prog_name="lifenode", complete_var=_COMPLETION)
    try:
        # Not cli.main, which makes an exit with 1 of a reader that left early.
        with cli.make_context("lifenode", arguments) as context:
            outcome = cli.invoke(context)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except OSError as error:
        # The help is written by click itself; results and files raise OutputError.
        if error.errno in (errno.ENOSPC, errno.EIO) and not isinstance(error, LifenodeError):
            raise OutputError(f"The text cannot be written: {error.strerror}.") from error
        raise
    return outcome if isinstance(outcome, int) else 0


def _usage(error: click.ClickException) -> InvalidOption:
    """Return what click found wrong with the command line as an error like all others."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "lifenode"
    return InvalidOption(error.format_message(), next_step=f"`{path} --help` shows what can be given.")


def _wants_json(arguments: Sequence[str]) -> bool:
    text = "\n".join(arguments)
    return any(f"--format{separator}json" in text for separator in "=\n")


if __name__ == "__main__":
    sys.exit(main())
