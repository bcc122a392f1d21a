"""The command line: python -m journeys COMMAND. Exit status 0 on success, 1 when the data are at fault, 2 for wrong use."""

import argparse
import contextlib
import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from journeys import commands
from journeys.intake import apart
from journeys.vocabulary.selection import BASES, WITHIN

PROG = "python -m journeys"
Subs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parser() -> argparse.ArgumentParser:
    """Every command with its options and help."""
    main = argparse.ArgumentParser(prog=PROG, description="Deliveries in, protected answers out.")
    subs = main.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _sample,
        _check,
        _load,
        _remove,
        _forget,
        _rollback,
        _publish,
        _status,
        _metrics,
        _ask,
        _pack,
        _template,
    ):
        add(subs)
    return main


def _command(subs: Subs, name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
    made = subs.add_parser(name, help=words, description=words)
    made.set_defaults(run=run)
    return made


def _sample(subs: Subs) -> None:
    made = _command(subs, "sample", commands.sample, "Write a synthetic delivery in the format of the data dictionary.")
    made.add_argument("out_dir", type=Path, metavar="OUT_DIR")
    made.add_argument("--journeys", type=int, default=15_000, metavar="N", help="number of journeys (default 15000)")
    made.add_argument("--services", type=int, default=8, metavar="N", help="number of services (default 8)")
    made.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same delivery")
    made.add_argument("--format", choices=("csv", "parquet", "xlsx"), default="csv", help="(default csv)")


def _deliveries(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "deliveries", type=Path, nargs="+", metavar="DELIVERY", help="a folder, a zip or an Excel workbook"
    )
    made.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="write every finding to FILE (.csv or .xlsx)",
    )
    made.add_argument("--mapping", type=Path, metavar="FILE", help="the service's own headers and values (TOML)")
    made.add_argument(
        "--due", type=Path, metavar="FILE", help="list journeys without a later reading, an end or a confirmation (CSV)"
    )


def _check(subs: Subs) -> None:
    made = _command(subs, "check", commands.check, "Validate deliveries and load nothing.")
    _deliveries(made)
    made.add_argument("--format", choices=("text", "json"), default="text", help="(default text)")
    made.add_argument(
        "--suggest-mapping",
        nargs="?",
        const=commands.STANDARD_OUTPUT,
        metavar="FILE",
        help="write a first mapping of the delivery's headers and values to FILE (without FILE: print it)",
    )


def _load(subs: Subs) -> None:
    made = _command(subs, "load", commands.load, "Validate deliveries and make them the next version of the store.")
    _deliveries(made)
    _store(made)
    made.add_argument("--accept-valid", action="store_true", help="load the good rows and keep the refused ones out")
    made.add_argument(
        "--latest-wins", action="store_true", help="several deliveries of one service are one; later ones win"
    )
    made.add_argument(
        "--dry-run", action="store_true", help="show what would change beside what is held; change nothing"
    )
    made.add_argument("--confirm", action="store_true", help="what would be lost is meant to be lost")
    made.add_argument("--format", choices=("text", "json"), default="text", help="(default text)")
    made.add_argument(
        "--k", type=int, metavar="K", help="hide counts under K (default 8, or as the store has it; at least 5)"
    )
    made.add_argument(
        "--rounding", type=int, metavar="BASE", help="round to the nearest BASE (default 5, or as the store has it)"
    )


def _remove(subs: Subs) -> None:
    made = _command(subs, "remove", commands.remove, "Make the next version of the store without some services.")
    made.add_argument("services", nargs="+", metavar="SERVICE", help="a service_id (`status` lists them)")
    _store(made)


def _forget(subs: Subs) -> None:
    made = _command(
        subs, "forget", commands.forget,
        "Make the next version of the store without some people, delete older ones that hold them, and leave them out of every later load.",
    )  # fmt: skip
    made.add_argument("refs", type=Path, metavar="REFS.csv", help="columns client_ref and client_key or service_id")
    made.add_argument("--undo", action="store_true", help="take them off the list: later loads may hold them again")
    _store(made)


def _rollback(subs: Subs) -> None:
    _store(_command(subs, "rollback", commands.rollback, "Point the store back to the version before the last load."))


def _publish(subs: Subs) -> None:
    made = _command(
        subs, "publish", commands.publish,
        "Write the store's version to a folder as Parquet, for other dashboards (JOURNEYS_STORE) to read.",
    )  # fmt: skip
    made.add_argument("--to", type=Path, metavar="FOLDER", required=True, help="a folder of its own")
    _store(made)


def _status(subs: Subs) -> None:
    made = _command(subs, "status", commands.status, "Services, periods, loads and the disclosure rule of the store.")
    _store(made)
    made.add_argument("--format", choices=("text", "json"), default="text", help="(default text)")


def _metrics(subs: Subs) -> None:
    made = _command(subs, "metrics", commands.metrics, "Every metric with its definition.")
    made.add_argument("--format", choices=("text", "json"), default="text", help="(default text)")


def _ask(subs: Subs) -> None:
    made = _command(subs, "ask", commands.ask, "The released answer to one question, with its statistics.")
    made.add_argument("metric", metavar="METRIC", help="one of those that `metrics` lists")
    made.add_argument("--by", action="append", default=[], metavar="DIMENSION", help="break down by (up to two)")
    _selection(made)
    made.add_argument(
        "--case-mix", action="store_true", help="compare with what clients like these would give anywhere"
    )
    made.add_argument("--format", choices=("text", "csv", "json"), default="text", help="(default text)")
    _store(made)


def _selection(made: argparse.ArgumentParser) -> None:
    made.add_argument("--period", default="all", help="all, last-4-quarters, 2024/25, 2024-Q2 or 2024-05 (default all)")
    where = made.add_mutually_exclusive_group()
    where.add_argument("--service", metavar="ID", help="one service (`status` lists them)")
    where.add_argument("--commissioner", metavar="CODE", help="the services of one commissioner")
    made.add_argument(
        "--cohort",
        action="append",
        default=[],
        metavar="DIM=VALUE",
        help="only clients like this, such as gender=female (up to three)",
    )
    made.add_argument("--base", choices=tuple(BASES), default="all", help="who is counted (default all)")
    made.add_argument("--within", type=int, choices=WITHIN, default=12, help="months (default 12)")


def _pack(subs: Subs) -> None:
    made = _command(
        subs,
        "pack",
        commands.pack,
        "Write the board pack: slides (.pptx), a workbook (.xlsx), a page (.html) or that printed (.pdf).",
    )
    made.add_argument("out", type=Path, metavar="OUT.pptx|OUT.xlsx|OUT.html|OUT.pdf")
    _selection(made)
    made.add_argument(
        "--recipe", type=Path, metavar="FILE", help="panels, their order, titles, commentary and actions (TOML)"
    )
    _store(made)


def _template(subs: Subs) -> None:
    made = _command(subs, "template", commands.template, "Write an empty workbook for services to fill in.")
    made.add_argument("out", type=Path, metavar="OUT.xlsx")


def _store(made: argparse.ArgumentParser) -> None:
    made.add_argument("--store", type=Path, metavar="STORE", help="folder (default data/store, or JOURNEYS_STORE)")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; errors go to standard error in words."""
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _terminated)
    if options.command in apart.COMMANDS and apart.is_inside():
        apart.limit()
    elif options.command in apart.COMMANDS and arguments is None:
        status, words = apart.run(options.command, sys.argv[1:])
        return _failed(words, status) if words else status
    try:
        status = options.run(options)
        sys.stdout.flush()
        return status
    except ValueError as error:
        return _failed(str(error), 2)
    except commands.AtFault as error:
        return _failed(str(error), 1)
    except BrokenPipeError:
        _give_up_output()  # the reader went away
        return 0
    except OSError as error:
        return _unusable(error)
    except KeyboardInterrupt:
        return _failed("stopped; nothing was changed", 130)
    except Exception as error:
        if error.args and isinstance(error.args[0], OSError):
            return _unusable(error.args[0])  # as the writer of workbooks wraps it
        if "interrupted" in str(error).lower():  # what a query of DuckDB makes of it
            return _failed("stopped; nothing was changed", 130)
        if options.command not in apart.COMMANDS or os.environ.get("JOURNEYS_TRACEBACK") == "1":
            raise
        return _failed(_broken(error), 1)


def _unusable(error: OSError) -> int:
    _give_up_output()
    return _failed(f"{error.filename or 'a file'} cannot be used: {error.strerror or error}", 1)


def _broken(error: Exception) -> str:
    """What broke while a delivery was read, without anything that could stand in one of its cells."""
    if isinstance(error, MemoryError) or "memory" in type(error).__name__.lower():
        return "a file needs more memory than there is; nothing was changed. Hand the tables over as CSV files of their own."
    if "No space left" in str(error):
        return "the disk is full; nothing was changed"
    return f"a file broke what reads it ({type(error).__name__}); nothing was changed. With JOURNEYS_TRACEBACK=1 this says more."


def _give_up_output() -> None:
    """What is still to be written goes nowhere: at the end Python would try once more and complain."""
    with contextlib.suppress(OSError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _terminated(number: int, frame: object) -> None:
    """A request to stop is a KeyboardInterrupt: what was unpacked is removed on the way out."""
    raise KeyboardInterrupt


def _failed(words: str, status: int) -> int:
    print(f"{PROG}: {words}", file=sys.stderr)
    return status


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # a pipe under Windows would have its own idea
    sys.exit(main())
