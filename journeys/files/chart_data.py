"""The numbers behind a chart of the pack, in a workbook that holds text as text: a name such as `=HYPERLINK(...)` stays a name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet


class _TextAsText(CategoryWorkbookWriter):
    @contextmanager
    def _open_worksheet(self, xlsx_file: IO[bytes]) -> Iterator[tuple[Workbook, Worksheet]]:
        with Workbook(
            xlsx_file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        ) as workbook:
            yield workbook, workbook.add_worksheet()


class ChartData(CategoryChartData):
    """Categories and series of one chart; python-pptx itself would write a category that begins with `=` as a formula."""

    @property
    def _workbook_writer(self) -> CategoryWorkbookWriter:
        return _TextAsText(self)
