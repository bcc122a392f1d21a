"""How soon a reader sees the first figure, beside a bare Streamlit page with as many Plotly figures, in the same browser.

    python tests/benchmarks/first_figure.py [--rounds 7] [--store STORE] [PAGE ...]

Both servers run at once and are visited in turn, A B A B, each time in a fresh browser context, after one visit that is not counted. Printed:
the median seconds to the first and to the last figure, and the ratio of the medians. What the bare page takes is Streamlit's and Plotly's own
(their code is read and started before anything is drawn) and out of our hands. Nothing here is a test.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from driver import chromium, make_store, serving

PAGES = ("", "Referrals", "Goals", "Upward_spiral", "Outcomes")
# the page itself writes down when figures can be seen, frame by frame: asking from outside is up to half a second late
WATCH = """window.seen = []; const look = () => {
  const all = [...document.querySelectorAll('.js-plotly-plot .main-svg:first-child')];
  const n = all.filter(e => e.getBoundingClientRect().width && getComputedStyle(e).visibility === 'visible').length;
  while (window.seen.length < n) window.seen.push(performance.now() / 1000);
  requestAnimationFrame(look);
}; look();"""
BARE = """
import plotly.graph_objects as go
import streamlit as st

st.set_page_config(layout="wide")
for number in range({n}):
    figure = go.Figure(go.Scatter(x=list(range(20)), y=[(number + i * i) % 17 for i in range(20)], mode="lines+markers"))
    st.plotly_chart(figure, key=str(number))
"""


def bare(folder: Path, n: int, store: Path):
    """A Streamlit page of nothing but `n` figures, served as the dashboard is."""
    script = folder / f"bare{n}.py"
    script.write_text(BARE.format(n=n), encoding="utf-8")
    return serving(store, script=script)


def visit(browser, address: str, n: int | None = None) -> tuple[float, float, int]:
    """Seconds to the first and to the last figure, and how many there were; `n` is how many to wait for."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function(f"window.seen.length >= {n or 1}", timeout=60_000)
    if n is None:
        page.wait_for_timeout(8_000)
    seen = page.evaluate("window.seen")
    context.close()
    return seen[0], seen[-1], len(seen)


def compare(browser, ours: str, folder: Path, store: Path, rounds: int) -> tuple[int, list, list]:
    *_, n = visit(browser, ours)
    with bare(folder, n, store) as beside:
        visit(browser, beside, n)
        times = [(visit(browser, ours, n), visit(browser, beside, n)) for _ in range(rounds)]
    return n, [a for a, _ in times], [b for _, b in times]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("pages", nargs="*", default=PAGES)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--store", type=Path)
    given = options.parse_args()
    print(f"{'page':<16}{'figures':>8}{'first':>9}{'bare':>8}{'ratio':>7}{'last':>9}{'bare':>8}{'ratio':>7}")
    with tempfile.TemporaryDirectory() as work, chromium() as browser:
        store = given.store or make_store(Path(work), journeys=15_000)
        with serving(store) as server:
            for page in given.pages:
                n, ours, theirs = compare(browser, f"{server}/{page}", Path(work), store, given.rounds)
                line = [f"{page or 'Board summary':<16}{n:>8}"]
                for i in (0, 1):
                    a, b = median(t[i] for t in ours), median(t[i] for t in theirs)
                    line.append(f"{a:>8.2f}s{b:>7.2f}s{a / b:>7.2f}")
                print("".join(line), flush=True)


if __name__ == "__main__":
    main()
