"""The `sokoul` program: arguments and configuration in, one command run, its exit code out."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from sokoul.config.load import Loaded

FAILED, BAD_CONFIGURATION, INTERRUPTED = 1, 2, 130
_ABOUT = "The household's media appliance: find a film, see why that release, watch it, keep it."
_EXITS = "Exit codes: 0 stopped, 1 failed, 2 bad configuration or arguments, 3 the state folder is in use."

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; without one, `serve`."""
    options = _parser().parse_args(argv)
    command: Command = getattr(options, "run", _serve)
    if command is _serve:
        gc.disable()  # a fifth of the time to import everything; `serve` enables it
    try:
        return command(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing more may be flushed to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _configured(run: Callable[[argparse.Namespace, Loaded], int]) -> Command:
    """A command that needs the configuration; what is wrong with it is told line by line."""

    def configured(options: argparse.Namespace) -> int:
        from sokoul.config.load import ConfigError, load

        try:
            return run(options, load(getattr(options, "config", None), os.environ, _overrides(options)))
        except ConfigError as error:
            print(*error.lines, sep="\n", file=sys.stderr)
            return BAD_CONFIGURATION

    return configured


def _overrides(options: argparse.Namespace) -> dict[str, object]:
    given = vars(options)
    overrides = {f"http.{name}": given[name] for name in ("host", "port") if name in given}
    if "roles" in given:
        overrides["roles"] = [role.strip() for role in given["roles"].split(",") if role.strip()]
    return overrides


@_configured
def _serve(options: argparse.Namespace, loaded: Loaded) -> int:
    from sokoul.commands import serve

    return serve.run(loaded, demo=getattr(options, "demo", False))


@_configured
def _config_check(_: argparse.Namespace, loaded: Loaded) -> int:
    from sokoul.commands import config_check

    return config_check.run(loaded, sys.stdout)


@_configured
def _doctor(_: argparse.Namespace, loaded: Loaded) -> int:
    from sokoul.commands import doctor

    return doctor.run(loaded, sys.stdout)


@_configured
def _user(options: argparse.Namespace, loaded: Loaded) -> int:
    from sokoul.commands import user

    return user.run(loaded.config, options, sys.stdin, sys.stdout)


@_configured
def _models(options: argparse.Namespace, loaded: Loaded) -> int:
    from sokoul.commands import models

    return models.run(loaded.config, options, sys.stdout)


@_configured
def _profiles(options: argparse.Namespace, loaded: Loaded) -> int:
    from sokoul.commands import profiles

    return profiles.run(loaded.config, options, sys.stdout)


@_configured
def _pages(options: argparse.Namespace, loaded: Loaded) -> int:
    from sokoul.commands import pages

    return pages.run(loaded, options, sys.stdout)


def _parse(_: argparse.Namespace) -> int:
    from sokoul.commands import parse

    with _lines() as (names, answers):
        return parse.run(names, answers)


@_configured
def _judge(_: argparse.Namespace, loaded: Loaded) -> int:
    from sokoul.app.profiles import configured
    from sokoul.commands import judge

    with _lines() as (questions, answers):
        return judge.run(questions, answers, configured(loaded.config))


@contextmanager
def _lines() -> Iterator[tuple[TextIO, TextIO]]:
    """Standard input and output in UTF-8, whatever the terminal says."""
    with (
        open(0, encoding="utf-8", errors="replace", newline="\n", closefd=False) as lines,
        open(1, "w", encoding="utf-8", closefd=False) as answers,
    ):
        yield lines, answers


def _version(_: argparse.Namespace) -> int:
    from sokoul.commands import version

    return version.run(sys.stdout)


def _parser() -> argparse.ArgumentParser:
    config, serving, demo = _flags(), _flags(), _flags()
    config.add_argument("--config", type=Path, metavar="FILE", help="default: ./sokoul.yaml if there is one")
    serving.add_argument(
        "--roles", metavar="A,B", help="the parts to run, such as scout,hunter; default: all"
    )
    serving.add_argument("--host", help="listen here instead of http.host")
    serving.add_argument("--port", type=int, help="listen here instead of http.port")
    demo.add_argument("--demo", action="store_true", help="with films, catalogue and indexer of its own")

    parser = argparse.ArgumentParser(
        prog="sokoul", description=_ABOUT, epilog=_EXITS, parents=[config, serving, demo]
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, run: Command, about: str, *flags: argparse.ArgumentParser) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about, parents=flags, epilog=_EXITS)
        made.set_defaults(run=run)
        return made

    add("serve", _serve, "run the daemon in the foreground (the default)", config, serving, demo)
    add("demo", _serve, "run a demonstration: serve --demo", config, serving).set_defaults(demo=True)
    add("doctor", _doctor, "say what is missing here, and how to get it", config)
    add("parse", _parse, "read release names, one a line, and write their facts as JSON")
    add("judge", _judge, "read questions, one JSON a line, and write verdicts as JSON", config)
    add("version", _version, "say the version")
    checks = _group(commands.add_parser("config", help="look at the configuration"))
    check = checks.add_parser("check", help="try the configuration, start nothing", parents=[config])
    check.set_defaults(run=_config_check)
    _add_pages(_group(commands.add_parser("pages", help="web pages as sources: try a definition")), config)
    _add_models(_group(commands.add_parser("models", help="local models: look at them, get them")), config)
    _add_user(_group(commands.add_parser("user", help="accounts; the daemon may run or not")), config)
    _add_profiles(_group(commands.add_parser("profiles", help="quality profiles")), config)
    return parser


def _add_pages(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    config: argparse.ArgumentParser,
) -> None:
    listing = commands.add_parser("list", help="the definitions there are", parents=[config])
    schema = commands.add_parser("schema", help="what a definition may say, as JSON schema", parents=[config])
    about = "run one definition and say step by step what happens; 1 where nothing is found"
    test = commands.add_parser("test", help=about, description=about, parents=[config])
    test.add_argument("definition", metavar="FILE", help="a file, or the name of one that ships")
    test.add_argument("wanted", metavar="URL|QUERY", nargs="+", help="one result's page, or a title")
    for action, parser in (("list", listing), ("schema", schema), ("test", test)):
        parser.set_defaults(run=_pages, action=action)


def _add_profiles(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    config: argparse.ArgumentParser,
) -> None:
    listing = commands.add_parser("list", help="name them", parents=[config])
    listing.set_defaults(run=_profiles, action="list")
    about = "take in JSON of the TRaSH guides: profiles, custom formats, sizes"
    taking = commands.add_parser("import", help=about, description=about, parents=[config])
    taking.set_defaults(run=_profiles, action="import")
    taking.add_argument("files", metavar="FILE", nargs="+", type=Path)
    taking.add_argument("--app", choices=["radarr", "sonarr"], help="whose numbers the files use")
    taking.add_argument("--into", metavar="PROFILE", help="where formats without a profile go")
    taking.add_argument("--dry-run", action="store_true", help="only say what would come of it")


def _add_models(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    config: argparse.ArgumentParser,
) -> None:
    listing = commands.add_parser("list", help="the models here, and what uses them", parents=[config])
    check = commands.add_parser("check", help="whether a file can be used, and for what", parents=[config])
    check.add_argument("file", type=Path, metavar="FILE")
    fetch = commands.add_parser("fetch", help="fetch a model; goes on where it stopped", parents=[config])
    fetch.add_argument("url", metavar="URL")
    fetch.add_argument("--sha256", required=True, metavar="HASH")
    about = "make a sentence model for llama.cpp of the published one"
    convert = commands.add_parser("convert", help=about, description=about, parents=[config])
    convert.add_argument("--precision", choices=["q8_0", "f16"], default="q8_0", help="27 MB or 46 MB")
    convert.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="default: as installed")
    for parser in (fetch, convert):
        parser.add_argument("--to", type=Path, metavar="FILE", help="default: a name in STATE_DIR/models")
    for action, parser in (("list", listing), ("check", check), ("fetch", fetch), ("convert", convert)):
        parser.set_defaults(run=_models, action=action)


def _add_user(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    config: argparse.ArgumentParser,
) -> None:
    add = commands.add_parser("add", help="make an account", parents=[config])
    add.add_argument("--email", required=True)
    add.add_argument("--role", choices=["user", "moderator", "admin"], default="user")
    passwd = commands.add_parser("passwd", help="give an account another password", parents=[config])
    for action, parser in (("add", add), ("passwd", passwd)):
        parser.set_defaults(run=_user, action=action)
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--password-stdin", action="store_true", help="read it from standard input")


def _group(parser: argparse.ArgumentParser) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _flags() -> argparse.ArgumentParser:
    """Flags shared by commands; one that is absent leaves no trace, so a flag before the command counts."""
    return argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)


if __name__ == "__main__":
    sys.exit(main())
