"""The rooms of the house and who may use whom: one table, and one test over the imports of every module, ours and third parties'."""

import ast
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests import floors

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / "journeys"


@dataclass(frozen=True)
class Room:
    """A room: its floor, what it holds in a few words, the rooms (or modules of rooms) and the packages it may import."""

    floor: int
    holds: str
    ours: frozenset[str]
    others: frozenset[str] = frozenset()


def room(floor: int, holds: str, ours: str = "", others: str = "") -> Room:
    return Room(floor, holds, frozenset(ours.split()), frozenset(others.split()))


BELOW_SCREEN = "files figures words store intake answer vocabulary statistics sample"
ROOMS = {
    "pages": room(6, "one file per page: what is shown, in which order", "screen figures"),
    "commands": room(5, "what each command does", BELOW_SCREEN + " package telling", "duckdb"),
    "telling": room(4, "what a load prints", "store intake vocabulary", "duckdb"),
    "screen": room(5, "the only room that knows Streamlit", BELOW_SCREEN, "streamlit"),
    "figures": room(4, "what an answer looks like", "words answer vocabulary statistics", "plotly"),
    "files": room(4, "answers to take away", "words answer vocabulary statistics", "pptx xlsxwriter"),
    "words": room(3, "what an answer says", "answer vocabulary statistics intake.rules", "pandas"),
    "store": room(3, "a versioned folder, built beside, swapped, asked", "answer intake vocabulary sql", "duckdb filelock pyarrow pyspark"),
    "answer": room(2, "a question in, a protected answer out", "vocabulary statistics", "numpy pandas pyarrow"),
    "intake": room(
        2, "a delivery in, checked rows and findings out", "vocabulary sql",
        "duckdb pyarrow python_calamine rapidfuzz xlsxwriter",
    ),
    "vocabulary": room(1, "what may be said and asked"),
    "statistics": room(1, "numbers in, numbers out", "", "numpy scipy"),
    "sample": room(1, "a synthetic delivery", "vocabulary", "numpy pyarrow xlsxwriter"),
    "sql": room(1, "text safe inside SQL"),
    "package": room(3, "Selection and open_store", "vocabulary store"),
}  # fmt: skip


def room_of(path: Path) -> str:
    """The room a file of ours belongs to."""
    inside = path.relative_to(ROOT).parts
    if inside[0] != "journeys":
        return "pages"
    if len(inside) > 2:
        return inside[1]
    return {"__init__": "package", "__main__": "commands"}.get(path.stem, path.stem)


def modules() -> list[Path]:
    pages = [ROOT / "dashboard.py", *sorted((ROOT / "pages").glob("*.py"))]
    return [*pages, *sorted(ENGINE.rglob("*.py"))]


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports, inside functions as well; names imported from a package of ours count as modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            is_ours = node.module.split(".")[0] == "journeys"
            found |= {f"{node.module}.{a.name}" for a in node.names} if is_ours else {node.module}
    return frozenset(found)


@cache
def used_rooms(path: Path) -> frozenset[tuple[str, str]]:
    """(room, room.module) of everything of ours that a file imports."""
    used = set()
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "journeys" or len(parts) < 2:
            continue
        first = "package" if parts[1] in ("Selection", "open_store") else parts[1]
        used.add((first, ".".join(parts[1:3])))
    return frozenset(used)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_import_is_in_the_table(path):
    here = room_of(path)
    assert here in ROOMS, f"{path.relative_to(ROOT)} is in no room of the table"
    table = ROOMS[here]
    for used, module in used_rooms(path):
        allowed = used in table.ours or module in table.ours or used == here
        assert allowed, f"{here} may not use {module}"
    packages = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"journeys"}
    assert packages <= table.others, f"{here} may not use {sorted(packages - table.others)}"


def test_every_arrow_points_down():
    for name, table in ROOMS.items():
        for used in table.ours:
            other = ROOMS[used.split(".")[0]]
            assert other.floor <= table.floor and (other.floor, used) != (table.floor, name), (name, used)


def test_no_two_rooms_use_each_other():
    """Rooms on one floor may use one another in one direction only."""
    uses = {room_of(p): set() for p in modules()}
    for path in modules():
        uses[room_of(path)] |= {used for used, _ in used_rooms(path)} - {room_of(path)}
    assert not [(a, b) for a in uses for b in uses[a] if a in uses.get(b, ())]


def test_pages_use_the_doors_alone():
    for path in modules():
        if room_of(path) == "pages":
            names = {name for name in imports(path) if name.startswith("journeys")}
            assert names <= {"journeys.screen", "journeys.figures"}, path


def test_nobody_outside_the_answer_names_its_exact_figures():
    """Only the store asks, and only through the room's own door."""
    for path in modules():
        if room_of(path) != "answer":
            assert not re.search(r"\bexact\b(?= import)|answer\.exact|answer import .*\bexact\b", path.read_text()), (
                path
            )


def test_plotly_express_is_nowhere():
    for path in modules():
        assert not any(name.startswith("plotly.express") for name in imports(path))


def test_the_product_does_not_import_the_tests():
    for path in modules():
        assert not {"oracle", "generate"} & imports(path)


def test_browser_tests_share_one_browser():
    """A second Playwright beside the shared one of a worker is refused, but only where both are open at once."""
    own = [
        p.name
        for p in (ROOT / "tests").rglob("test_*.py")
        if re.search(r"\bchromium\(|\bsync_playwright\(", p.read_text("utf-8"))
    ]
    assert own == [], "take the fixture `browser`"


EXACT = {"journeys.answer.exact", "journeys.answer.protect"}
OF_OTHERS = {"_element", "_p", "_SubParsersAction"}  # of python-pptx and argparse


def past_the_door(path: Path):
    """What a module reads past the one way out of the store: members of others that are nobody else's, and what counts exactly."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls"):
            names = [node.attr]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "getattr":
            names = [str(one.value) for one in node.args[1:2] if isinstance(one, ast.Constant)]
        else:
            names = []
        yield from (name for name in names if re.match("_[^_]", name) and name not in OF_OTHERS)
    yield from imports(path) & EXACT


def test_only_the_store_reads_and_only_ask_sees_exact_counts():
    others = [path for path in modules() if room_of(path) not in ("store", "answer")]
    assert {"pages", "screen", "figures", "files", "words", "commands"} <= {*map(room_of, others)}
    assert {path.name: [*past_the_door(path)] for path in others if [*past_the_door(path)]} == {}
    of_store = [path for path in modules() if room_of(path) == "store"]
    assert of_store and not [path.name for path in of_store if imports(path) & EXACT]


@pytest.mark.parametrize(
    "line", ["answers.store()._run('select 1', {})", "getattr(store, '_source')", "from journeys.answer import exact"]
)
def test_a_way_past_the_door_is_seen(tmp_path, line):
    page = tmp_path / "page.py"
    page.write_text(line, encoding="utf-8")
    assert [*past_the_door(page)]


def test_metrics_read_only_what_they_are_given():
    for path in (ROOT / "queries" / "metrics").glob("*.sql"):
        words = path.read_text(encoding="utf-8").split("*/")[-1].lower()
        assert not any(f"{word} " in words for word in ("attach", "copy", "install", "pragma")), path.name
        assert "read_" not in words, path.name


def test_the_picture_of_the_floors_is_this_table():
    """`python tests/floors.py` draws it anew."""
    assert floors.FILE.read_text(encoding="utf-8") == floors.picture(ROOMS)
    assert "docs/floors.svg" in (ROOT / "README.md").read_text(encoding="utf-8")


MOST_LINES, LONGEST = 400, 40


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_can_be_read_at_a_sitting(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
    assert [n.name for n in functions if n.end_lineno - n.lineno >= LONGEST] == []
