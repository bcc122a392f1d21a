"""What a file may cost: looked at before anything of it is opened, so that a small file cannot take the machine."""

import re
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from journeys.intake.files.cells import UnreadableError

MAX_MEMBERS = 2_000
MAX_DEPTH = 12
MAX_RATIO, MAX_RATIO_FROM = 150, 50 << 20  # text packs to a tenth; more than this, in something large, is made to cost
MAX_UNPACKED_BYTES = 50 << 30
MAX_BOOK_BYTES = 4 << 30
MAX_COLUMNS = 500
MAX_CELLS = 25_000_000
MAX_OTHER_CELLS = 10_000_000  # in workbooks that are not .xlsx, which are opened at once
SPARSE_FROM, SPARSE_TIMES = 1_000_000, 25
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def check_members(archive: zipfile.ZipFile, target: Path) -> None:
    """UnreadableError for a zip that is locked, too large for the disk, packed beyond belief, or points outside."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UnreadableError("too_large", f"at most {MAX_MEMBERS:,} files in a zip; this one holds {len(members):,}")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableError("unreadable", "a zip file without a password")
    if any(member.filename.count("/") > MAX_DEPTH for member in members):
        raise UnreadableError("too_large", f"folders at most {MAX_DEPTH} deep")
    if any("\\" in member.filename for member in members):
        words = (
            "a zip file that writes its folders with /, not \\: unpack it and hand over the folder, or pack it again"
        )
        raise UnreadableError("unreadable", words)
    check_bytes(members, "a zip", min(MAX_UNPACKED_BYTES, shutil.disk_usage(target).free))
    inside = target.resolve()
    if any(_CONTROL.search(m.filename) or not (inside / m.filename).resolve().is_relative_to(inside) for m in members):
        raise UnreadableError("unreadable", "a zip file whose members stay inside its own folder")


def check_bytes(members: Sequence[zipfile.ZipInfo], what: str, most: int) -> None:
    """UnreadableError when members unpack to more than `most` bytes, or to very much more than they are."""
    n_bytes, n_packed = sum(m.file_size for m in members), sum(m.compress_size for m in members) or 1
    if n_bytes > most:
        raise UnreadableError(
            "too_large", f"{what} that unpacks to at most {most:,} bytes; this one unpacks to {n_bytes:,}"
        )
    if n_bytes > MAX_RATIO_FROM and n_bytes > MAX_RATIO * n_packed:
        times = n_bytes // n_packed
        raise UnreadableError(
            "too_large", f"{what} of data; this one unpacks to {times:,} times its size, as no data do"
        )


def check_columns(n: int) -> None:
    """UnreadableError for more columns than anything can need."""
    if n > MAX_COLUMNS:
        raise UnreadableError("too_large", f"at most {MAX_COLUMNS:,} columns; this one has {n:,}")


def is_far(n_cells: int, area: int) -> bool:
    """Whether cells stand far from one another: opening a sheet makes room for all between."""
    return area > SPARSE_FROM and area > SPARSE_TIMES * n_cells


@dataclass
class Reach:
    """The filled cells of a sheet of a workbook that is not .xlsx: how far they go, counted from 1, and how many they are."""

    last_row: int = 0
    width: int = 0
    n_cells: int = 0

    def add(self, row: int, width: int, n_cells: int) -> None:
        """Cells up to a row and a column; none where `n_cells` is 0."""
        if n_cells:
            self.last_row, self.width = max(self.last_row, row), max(self.width, width)
            self.n_cells += n_cells

    def check(self) -> None:
        """UnreadableError where they reach further than can be opened."""
        area = self.last_row * self.width
        if is_far(self.n_cells, area):
            words = f"no cell far from the rest (row {self.last_row:,}, {self.width:,} columns)"
            raise UnreadableError("cell_far", words)
        check_columns(self.width)
        if area > MAX_OTHER_CELLS:
            words = f"at most {MAX_OTHER_CELLS:,} cells in a sheet that is not .xlsx; save the table as CSV"
            raise UnreadableError("too_large", words)
