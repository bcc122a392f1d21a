"""What a load prints."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from journeys.vocabulary import dictionary

if TYPE_CHECKING:
    import duckdb

    from journeys.intake.findings import Report
    from journeys.store.build import Loaded
    from journeys.store.comparison import Comparison
    from journeys.store.spark_load import Outcome


class AtFault(Exception):
    """The data or the store, not the call, are at fault: exit status 1."""


class Telling:
    """The report and the comparison once each, in words or as one JSON object, whatever happens."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.is_json = options, options.format == "json"
        self.words, self.is_compared = "", False
        self.found: dict = {"checked": None, "questions": [], "comparison": None, "stops": []}

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if self.is_json and isinstance(error, AtFault) and self.found["checked"]:
            self._end_json(False, str(error))
        self._print("")

    def report(self, report: "Report", connection: "duckdb.DuckDBPyConnection") -> None:
        from journeys.intake import checked, due, findings, questions, visible

        for path in self.options.report:
            findings.write_report(report.findings, path)
        if self.options.due:
            due.write(connection, self.options.due)
        if not self.is_json:
            self.words = findings.text(report, visible.words(connection, dictionary.load()))
            return
        self.found["checked"] = asdict(checked.of(report, connection))
        if not report.is_clean or report.n_findings:
            asked = questions.of(self.options.deliveries, self.options.mapping)
            self.found["questions"] = [asdict(question) for question in asked]

    def tell(self, words: str) -> None:
        """The report, from where the deliveries were read."""
        self.words = "" if self.is_json else words

    def _print(self, more: str) -> None:
        print(self.words + more, end="", flush=True)
        self.words = ""

    def compare(self, found: "Comparison") -> None:
        from journeys.store import comparison

        if not self.is_compared and not self.is_json:
            self._print("\n" + comparison.text(found))
        self.is_compared = True

    def ask(self, found: "Comparison") -> bool:
        self.compare(found)
        print("Type yes if this is meant: ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() == "yes"

    def end(self, loaded: "Loaded | Outcome") -> None:
        if self.is_json:
            if loaded.comparison:
                self.found |= {"comparison": asdict(loaded.comparison), "stops": list(loaded.comparison.stops)}
            self._end_json(loaded.is_done, loaded.note)
            return
        if loaded.comparison:
            self.compare(loaded.comparison)
        print(loaded.note, file=sys.stdout if loaded.is_done else sys.stderr)

    def _end_json(self, is_done: bool, note: str) -> None:
        print(json.dumps(self.found | {"is_done": is_done, "note": note}, indent=2, ensure_ascii=False))
