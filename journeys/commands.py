"""What each command of the command line does. Output goes to standard output, progress to a terminal only."""

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from journeys.answer.released import Released
from journeys.telling import AtFault, Telling
from journeys.vocabulary import dictionary
from journeys.vocabulary import metrics as catalogue
from journeys.vocabulary.selection import Selection

if TYPE_CHECKING:
    from journeys.store import spark
    from journeys.store.opened import Store
    from journeys.words.tables import Table


STANDARD_OUTPUT = "-"


def sample(options: argparse.Namespace) -> int:
    from journeys.sample import lives

    with _progress("journeys written") as progress:
        try:
            folder = lives.write(
                options.out_dir, options.journeys, options.services, options.seed, options.format,
                progress=lambda done, total: progress(done / max(total, 1)),
            )  # fmt: skip
        except FileExistsError as error:
            raise ValueError(str(error)) from None
    print(f"Synthetic delivery in {folder}: no row describes a real person or service.")
    return 0


def check(options: argparse.Namespace) -> int:
    from journeys.intake import checked, due, findings, read, suggestion, visible
    from journeys.store.work import check_place, explained, workplace

    _can_begin(options)
    if options.suggest_mapping:
        _suggest(suggestion.suggest(options.deliveries), options.suggest_mapping)
        return 0
    with _at_fault(), contextlib.ExitStack() as stack:
        stack.enter_context(explained(check_place()))
        work = stack.enter_context(workplace(check_place()))
        progress = stack.enter_context(_progress("checked"))
        connection = stack.enter_context(read.connected(work))
        report = read.read(options.deliveries, connection, mapping=options.mapping, progress=progress, work=work)
        for path in options.report:
            findings.write_report(report.findings, path)
        if options.format == "json":
            words = checked.to_json(checked.of(report, connection)) + "\n"
        else:
            words = findings.text(report, visible.words(connection, dictionary.load()))
        n_due = due.write(connection, options.due) if options.due else None
    print(words, end="")
    if n_due is not None:
        print(f"{n_due:,} things are due, written to {options.due}: for the deliverer alone.", file=sys.stderr)
    return 0 if report.is_clean else 1


def _suggest(words: str, path: str) -> None:
    """A first mapping, to a file or, without its name, to the terminal."""
    if path == STANDARD_OUTPUT:
        print(words)
        return
    _writable(Path(path))
    Path(path).write_text(words, encoding="utf-8")
    print(f"A first mapping in {path}: check every line, correct it, and hand it over with --mapping.")


def load(options: argparse.Namespace) -> int:
    from journeys.answer.rule import Rule
    from journeys.store import build

    asked = {name: n for name, n in (("k", options.k), ("base", options.rounding)) if n is not None}
    if asked and Rule(**asked).warning:
        print(Rule(**asked).warning, file=sys.stderr)
    with _at_fault():
        at = _on_spark(options)
    if at:
        return _load_on_spark(at, options)
    _can_begin(options)
    telling = Telling(options)
    with telling, _at_fault(), _progress("loaded") as progress:
        loaded = build.load(
            options.deliveries,
            options.store,
            accept_valid=options.accept_valid,
            latest_wins=options.latest_wins,
            is_dry=options.dry_run,
            is_meant=options.confirm,
            k=options.k,
            base=options.rounding,
            mapping=options.mapping,
            progress=progress,
            report_to=telling.report,
            ask=telling.ask if sys.stdin.isatty() and sys.stderr.isatty() else None,
        )
    telling.end(loaded)
    return 0 if loaded.is_done else 1


def _load_on_spark(at: "spark.Place", options: argparse.Namespace) -> int:
    """Deliveries, a mapping and the folder are where the executors see them; what is written beside a load is written by `check`."""
    from journeys.store import build, spark_load

    if options.report or options.due:
        raise ValueError("--report and --due are written by `check`, where the delivery lies")
    telling = Telling(options)
    wanted = build.Wanted(
        options.accept_valid, options.latest_wins, options.dry_run, options.confirm, options.k, options.rounding, options.mapping
    )  # fmt: skip
    ask = telling.ask if sys.stdin.isatty() and sys.stderr.isatty() else None
    with telling, _at_fault(), _progress("loaded") as progress:
        done = spark_load.load(at, options.deliveries, wanted, progress=progress, tell=telling.tell, ask=ask)
    telling.end(done)
    return 0 if done.is_done else 1


def remove(options: argparse.Namespace) -> int:
    from journeys.store import leaving, spark_leaving

    with _at_fault():
        at = _on_spark(options)
        print(spark_leaving.remove(at, options.services) if at else leaving.remove(options.services, options.store))
    return 0


def forget(options: argparse.Namespace) -> int:
    from journeys.store import leaving, spark_leaving

    with _at_fault():
        if at := _on_spark(options):
            print((spark_leaving.undo if options.undo else spark_leaving.forget)(at, options.refs))
        else:
            print((leaving.undo if options.undo else leaving.forget)(options.refs, options.store))
    return 0


def rollback(options: argparse.Namespace) -> int:
    from journeys.store import spark_leaving, versions

    with _at_fault():
        at = _on_spark(options)
        version = spark_leaving.rollback(at) if at else versions.rollback(options.store)
        print(f"The store points to version {version} again.")
    return 0


def _on_spark(options: argparse.Namespace) -> "spark.Place | None":
    """Where the environment says that loads are made on Spark; a folder that is named is on this machine."""
    from journeys.store import spark

    return None if options.store else spark.place()


def publish(options: argparse.Namespace) -> int:
    from journeys.store import publishing

    with _at_fault():
        print(f"Version {publishing.publish(options.to, options.store)} is published in {options.to}.")
    return 0


def status(options: argparse.Namespace) -> int:
    with _open(options.store) as store:
        found = store.status()
    print(json.dumps(found, indent=2) if options.format == "json" else _status_words(found))
    return 0


def _status_words(found: dict) -> str:
    rule, span = found["disclosure"], found["periods"]
    lines = [
        f"Store version {found['version']}{', SYNTHETIC data' if found['is_synthetic'] else ''}",
        f"Covers {span['first']} to {span['last']}",
        f"Counts under {rule['k']} are hidden, the rest rounded to the nearest {rule['base']}; client key {found['key_fingerprint']}",
        "",
        f"{'service':<28}{'commissioner':<16}{'from':<9}{'to':<9}{'journeys':>10}",
    ]
    for service in found["services"]:
        shown = "[c]" if service["journeys"] is None else f"{service['journeys']:,}"
        lines.append(
            f"{service['service_id']:<28}{service['commissioner']:<16}{service['first']:<9}{service['last']:<9}{shown:>10}"
        )
    lines += ["", "Loads"]
    for entry in found["loads"]:
        rows = f"{entry['rows_read']:,} rows, {entry['rows_refused']:,} refused"
        done = rows if entry["what"] == "load" else f"{entry['what']} {' '.join(entry['services'])}".rstrip()
        lines.append(f"{entry['loaded_at']}  {entry['version']}  {done}")
        lines += [f"  {name}  {digest}" for name, digest in entry["files"].items()]
        lines += [f"  {name}: {n:,}" for name, n in entry["findings"].items()]
    return "\n".join(lines)


def metrics(options: argparse.Namespace) -> int:
    known = catalogue.catalogue()
    if options.format == "json":
        print(json.dumps([_definition(m) for m in known.values()], indent=2, ensure_ascii=False))
        return 0
    for metric in known.values():
        print(f"{metric.slug}: {metric.title}\n  {metric.why}\n  {metric.definition} ({metric.unit}, {metric.shape})")
        print(f"  Caution: {metric.caution}\n" if metric.caution else "")
    return 0


def _definition(metric: catalogue.Metric) -> dict:
    names = (
        "slug", "title", "why", "numerator", "denominator", "unit", "shape", "direction", "base", "horizon", "caution",
    )  # fmt: skip
    return {name: getattr(metric, name) for name in names} | {
        "labels": list(metric.labels),
        "needs": list(metric.needs),
        "fed_by": list(metric.fed_by),
        "ripens": metric.ripens,
        "event_time": metric.event_time,
        "funnel": metric.funnel,
        "left_out": list(metric.left_out),
    }


def ask(options: argparse.Namespace) -> int:
    selection = _selection(options)
    catalogue.get(options.metric)
    with _open(options.store) as store:
        released = store.ask(options.metric, selection, tuple(options.by), case_mix=options.case_mix)
        print(_answer(released, store, options.format), end="")
    return 0


def _selection(options: argparse.Namespace) -> Selection:
    return Selection(
        period=options.period,
        service=options.service,
        commissioner=options.commissioner,
        cohort=_cohort(options.cohort),
        base=options.base,
        within=options.within,
    )


def pack(options: argparse.Namespace) -> int:
    from journeys.files import pack as board_pack
    from journeys.files import recipe
    from journeys.intake.identifiers import kind_of

    _writable(options.out)
    selection = _selection(options)
    asked = recipe.read(options.recipe) if options.recipe else None
    if asked and (trouble := recipe.identifying(asked, kind_of)):
        raise ValueError(f"recipe {options.recipe}: {trouble}")
    with _open(options.store) as store:
        board_pack.write(options.out, store, selection, asked)
    print(f"Board pack in {options.out}.")
    return 0


def _cohort(given: list[str]) -> dict[str, str]:
    pairs = {}
    for choice in given:
        dimension, found, value = choice.partition("=")
        if not found or not value:
            raise ValueError(f"cohort {choice!r}: write DIMENSION=VALUE, such as gender=female")
        if dimension in pairs:
            raise ValueError(f"cohort {dimension!r} is given twice: one value each")
        pairs[dimension] = value
    return pairs


def _answer(released: Released, store: "Store", form: str) -> str:
    from journeys.files import csv
    from journeys.vocabulary import dictionary
    from journeys.words import sentences, small_print, tables

    metric = catalogue.get(released.metric)
    if form == "json":
        return json.dumps(released.to_json(), indent=2, ensure_ascii=False) + "\n"
    if form == "csv":
        return csv.answer(released, metric, store.lists.name)
    names = store.lists.name
    table = tables.table(released, metric, names, dict(dictionary.load().titles))
    lines = [
        f"{metric.title} ({metric.unit}): {released.words}",
        "",
        sentences.sentence(released, metric, names),
        "",
        _text_table(table),
        "",
    ]
    lines += [f"{sign} {words}" for sign, words in sentences.MARKS.items() if _stands_in(table, sign)]
    lines += [sentences.footnote(released, metric), *small_print.lines(released, names)]
    return "\n".join(lines) + "\n"


def _stands_in(table: "Table", sign: str) -> bool:
    return any(sign in cell for row in table.rows for cell in row)


def _text_table(table: "Table") -> str:
    """The table in columns: labels to the left, figures to the right."""
    rows = [table.header, *table.rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.header))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if i < table.n_labels else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def template(options: argparse.Namespace) -> int:
    from journeys.intake import template as workbook

    if options.out.suffix.lower() != ".xlsx":
        raise ValueError(f"{options.out}: the template is a workbook, so its name must end in .xlsx")
    _writable(options.out)
    workbook.write(options.out)
    print(f"Empty workbook in {options.out}.")
    return 0


def _can_begin(options: argparse.Namespace) -> None:
    """Say what is missing before the long work, not after: deliveries, and places for what is written."""
    missing = [str(path) for path in options.deliveries if not path.exists()]
    if missing:
        raise ValueError(f"no such delivery: {', '.join(missing)}. Give a folder, a zip or an Excel workbook.")
    for path in (*options.report, *([options.due] if options.due else ())):
        _writable(path)


def _writable(report: Path) -> None:
    """Say it before the long work, not after."""
    if report.is_dir() or not report.resolve().parent.is_dir():
        raise ValueError(f"{report}: give the name of a file in a folder that is there")


@contextlib.contextmanager
def _open(path: Path | None) -> Iterator["Store"]:
    from journeys.store.opened import open_store

    with _at_fault(), contextlib.closing(open_store(path)) as store:
        yield store


@contextlib.contextmanager
def _at_fault() -> Iterator[None]:
    """What the store or a disk refuses, as AtFault."""
    from journeys.store.folder import StoreError
    from journeys.store.work import LoadError

    try:
        yield
    except (LoadError, StoreError) as error:
        raise AtFault(str(error)) from error


@contextlib.contextmanager
def _progress(words: str) -> Iterator:
    """A line with the share done and the time left, on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    started = time.monotonic()

    def show(share: float, what: str = words) -> None:
        spent = time.monotonic() - started
        left = f", about {spent / share - spent:.0f} s left" if 0.02 < share < 1 else ""
        print(f"\r{share:>4.0%} {what}{left}".ljust(70)[:70], end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        print("\r" + " " * 70 + "\r", end="", file=sys.stderr, flush=True)
