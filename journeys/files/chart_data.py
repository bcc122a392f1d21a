"""The numbers behind a chart of the pack and its intervals, in a workbook that holds text as text: a name such as `=HYPERLINK(...)` stays a name."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
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


def whiskers(series: Any, reaches: Sequence[tuple[float, float] | None], colour: str) -> None:
    """Draw the interval of each bar of a series, `reaches` below and above its end in the unit of the bars; python-pptx has none."""
    if not any(reaches):
        return
    drawn = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f"<c:plus>{_numbers([one and one[1] for one in reaches])}</c:plus>"
        f"<c:minus>{_numbers([one and one[0] for one in reaches])}</c:minus>"
        f'<c:spPr><a:ln w="19050"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    series.find(qn("c:cat")).addprevious(drawn)


def _numbers(values: Sequence[float | None]) -> str:
    told = "".join(f'<c:pt idx="{i}"><c:v>{v:.6f}</c:v></c:pt>' for i, v in enumerate(values) if v is not None)
    return f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{told}</c:numLit>'
