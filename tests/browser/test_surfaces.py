"""Whatever the dashboard sends, writes or logs: no exact number of the store, nothing of a delivery that identifies, and nothing of a service of four people.

The judge is the store's own file, read with DuckDB past the answer room: every count that it gives for everybody and by service.
"""

import csv
import io
import re
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest
import wire
from driver import menu, serving, settled

from journeys.__main__ import main
from journeys.sample import lives
from journeys.store import build
from journeys.store.folder import current_version, file_of
from journeys.vocabulary import metrics

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SENTINEL = "qy-zanthe"
NAME = "Zanthe Quorl Company"
REFS = ("vexqwzly", "brimtqoz", "kwyjibov", "plughxzy")
JOURNEYS = ("ZQ-7741", "ZQ-7742", "ZQ-7743", "ZQ-7744")
SELECTIONS = (
    "",
    f"service={SENTINEL}",
    f"service={SENTINEL}&period=2024%2F25&base=out_of_work&cohort=gender%3Dfemale",
    "commissioner=SYN03&within=6",
    "period=last-4-quarters&cohort=age_band%3D25-34",
)
FORMS = ("text", "csv", "json")
FIGURE = re.compile(r"\babout [\d,]+|\d%")
SMALLEST = 1000  # a smaller number can be a width or a place; these cannot
YEARS = range(1900, 2101)  # of calendars and of what is cited
FINANCIAL_YEAR = "left(month, 4)::int - (right(month, 2) < '04')::int"
GROUPS = ("service_id", "age_band", "gender", FINANCIAL_YEAR, "employment_status")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("surfaces")
    sample = lives.write(folder / "sample", journeys=9_000)
    _add_sentinel(sample, folder / "delivery")
    build.load([folder / "delivery"], folder / "store")
    return folder


def _add_sentinel(sample: Path, delivery: Path) -> None:
    shutil.copytree(sample, delivery)
    with open(delivery / "service.csv", newline="") as file:
        services = list(csv.DictReader(file))
    mine = {**services[4], "service_id": SENTINEL, "service_name": NAME}
    _append(delivery / "service.csv", [mine])
    with open(delivery / "journey.csv", newline="") as file:
        donors = [row for row in csv.DictReader(file) if row["service_id"] == services[4]["service_id"]][200:204]
    taken = {row["journey_id"]: new for row, new in zip(donors, JOURNEYS, strict=True)}
    people = zip(donors, JOURNEYS, REFS, strict=True)
    _append(
        delivery / "journey.csv",
        [{**d, "service_id": SENTINEL, "journey_id": j, "client_ref": r} for d, j, r in people],
    )
    for path in delivery.glob("*.csv"):
        if path.stem in ("service", "journey", "service_change"):
            continue
        with open(path, newline="") as file:
            rows = [
                r
                for r in csv.DictReader(file)
                if r["service_id"] == services[4]["service_id"] and r["journey_id"] in taken
            ]
        _append(path, [{**r, "service_id": SENTINEL, "journey_id": taken[r["journey_id"]]} for r in rows])


def _append(path: Path, rows: list[dict]) -> None:
    if rows:
        with open(path, "a", newline="") as file:
            csv.DictWriter(file, rows[0].keys(), lineterminator="\n").writerows(rows)


def exact_numbers(store: Path) -> set[int]:
    """Counts of the store that no rounding could give: every metric for everybody, and journeys by some groups."""
    found: set = set()
    with duckdb.connect(str(file_of(store, current_version(store))), read_only=True) as connection:
        for metric in metrics.catalogue().values():
            answer = connection.execute(metric.sql)
            columns = [c[0] for c in answer.description]
            counts = [i for i, c in enumerate(columns) if c not in ("by_1", "by_2", "part", "day", *metric.labels)]
            found |= {row[i] for row in answer.fetchall() for i in counts}
        for group in GROUPS:
            found |= {n for (n,) in connection.execute(f"select count(*) from journey group by {group}").fetchall()}
    return {int(n) for n in found if n is not None and n == int(n) and n >= SMALLEST and n % 5 and n not in YEARS}


def numbers_in(text: str) -> set[int]:
    """Whole numbers of four figures or more that stand alone."""
    found = re.findall(r"(?<![\w.,#-])(?:\d{1,3}(?:,\d{3})+|\d{4,7})(?![\w.]|,\d)", text)
    return {int(n.replace(",", "")) for n in found}


def leaks(text: str, exact: set[int]) -> list[str]:
    secrets = [s for s in (*REFS, *JOURNEYS) if s in text]
    return [*secrets, *map(str, sorted(numbers_in(text) & exact))]


def test_the_judge_sees_a_number_and_a_name():
    assert leaks("of 2,341 referrals by vexqwzly", {2341}) == ["vexqwzly", "2341"]
    assert leaks('{"y":[2340,12341.5]}', {2341, 12341}) == []


def _texts_in(path: Path):
    """Every text of a file to take away, embedded workbooks included."""
    if path.suffix in (".pptx", ".xlsx"):
        yield from _texts_in_zip(path.read_bytes(), path.name)
    elif (
        path.suffix == ".pdf"
    ):  # its objects are numbered; what a reader reads is drawn from the page that is looked at beside it
        objects = re.sub(rb"(?s)stream\r?\n.*?endstream", b" ", path.read_bytes())
        said = b" ".join(re.findall(rb"\((?:\\.|[^\\()])*\)", objects)).replace(b"\0", b"")
        assert b"Board pack" in said or b"Social prescribing" in said
        yield path.name, said.decode("latin-1")
    else:
        yield path.name, path.read_bytes().decode("utf-8", "replace")


def _texts_in_zip(data: bytes, name: str):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for inner in packed.namelist():
            held = packed.read(inner)
            if inner.endswith(".xlsx"):
                yield from _texts_in_zip(held, f"{name}/{inner}")
            elif inner.endswith((".xml", ".rels", ".txt")):
                # positions and sizes of shapes are attributes, a text's place in the list of texts is no number; what a reader reads is text
                read = re.sub(r'<c [^>]*t="s"[^>]*><v>\d+</v></c>', " ", held.decode("utf-8", "replace"))
                yield f"{name}/{inner}", re.sub(r"<[^>]*>", " ", read)


def _numbers_of(place: Path) -> set[int]:
    exact = exact_numbers(place / "store")
    assert len(exact) > 30, "the judge must have something to look for"
    return exact


def test_nothing_that_is_taken_away_holds_an_exact_number(place, capsys):
    exact, found = _numbers_of(place), {}
    for suffix in ("pptx", "xlsx", "html", "pdf"):
        file = place / f"pack.{suffix}"
        if main(["pack", str(file), "--store", str(place / "store")]) != 0:
            continue
        found |= {name: leaks(text, exact) for name, text in _texts_in(file)}
    capsys.readouterr()
    for turn, slug in enumerate(
        metrics.catalogue()
    ):  # every metric in every form and by every breakdown, not in all pairs of them
        for at, by in enumerate(([], ["--by", "service"], ["--by", "quarter"])):
            form = FORMS[(turn + at) % len(FORMS)]
            main(["ask", slug, *by, "--format", form, "--store", str(place / "store")])
            said = capsys.readouterr()
            found[f"ask {slug} {by} {form}"] = leaks(said.out + said.err, exact)
    assert {name: said for name, said in found.items() if said} == {}


def test_nothing_that_the_server_sends_or_logs_holds_an_exact_number(place):
    exact, found = _numbers_of(place), {}
    log = place / "server.log"
    with serving(place / "store", log=log) as address:
        for page_address in menu.files():
            for chosen in SELECTIONS:
                said = _text(wire.sent(address, page_address, chosen))
                assert len(said) > 20_000, (page_address, chosen)
                found[page_address, chosen] = leaks(said, exact)
    found["log"] = leaks(log.read_text(encoding="utf-8"), exact)
    assert {where: said for where, said in found.items() if said} == {}


def test_a_browser_is_told_no_figure_that_was_not_heard_without_one(browser, place):
    with serving(place / "store") as address:
        heard = _pieces(wire.said(wire.sent(address, "Outcomes", "period=all")))
        said = _pieces(wire.said(_sent(browser, f"{address}/Outcomes?period=all")))
        shown = {body for body in said if FIGURE.search(body)}
    assert len(shown) > 5 and shown <= heard


def _pieces(bodies: set[str]) -> set[str]:
    """Lists in their lines: how measures are counted is said of those that a page has drawn, and a browser opens no closed heading."""
    return {line for body in bodies for line in re.findall(r"<li>.*?</li>", body, re.DOTALL) or [body]}


def _text(messages: list[bytes]) -> str:
    return b"\n".join(messages).decode("utf-8", "replace")


def _sent(browser, address: str) -> list[bytes]:
    """Everything that comes over the websocket while a page opens in a browser."""
    frames: list[bytes] = []
    page = browser.new_page()
    take = lambda data: frames.append(data) if isinstance(data, bytes) else None  # noqa: E731
    page.on("websocket", lambda socket: socket.on("framereceived", take))
    page.goto(address)
    settled(page)
    return frames
