"""Speed as felt, side by side in one browser: `python tests/browser/speed.py`.

How long until the first figure is drawn on a page of ours and on a bare Streamlit page with as many Plotly figures, both
warm; and how long until a change of selection shows. What a bare page takes is the framework's own and out of our hands.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from driver import IDLE, MILLISECONDS, chromium, make_store, serving, settled

FIGURE = ".js-plotly-plot .main-svg"
BARE = """
import plotly.graph_objects as go
import streamlit as st

for i in range({n}):
    st.plotly_chart(go.Figure(go.Bar(x=list(range(20)), y=[(7 * k + i) % 11 for k in range(20)])), key=str(i))
"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--page", default="Referrals")
    given.add_argument("--rounds", type=int, default=7)
    given.add_argument("--journeys", type=int, default=15_000)
    options = given.parse_args()
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        store = make_store(Path(place), options.journeys)
        with serving(store) as address:
            n = _figures(browser, f"{address}/{options.page}")
            bare = Path(place) / "bare.py"
            bare.write_text(BARE.format(n=n), encoding="utf-8")
            with serving(store, script=bare) as bare_address:
                _compare(browser, f"{address}/{options.page}", bare_address, n, options.rounds)
            _change(browser, f"{address}/{options.page}", options.rounds)


def _figures(browser, address: str) -> int:
    """How many figures the page has; this also warms the server up."""
    page = browser.new_page()
    page.goto(address, timeout=MILLISECONDS)
    settled(page)
    n = page.locator(".js-plotly-plot").count()
    page.close()
    return n


def _compare(browser, ours: str, bare: str, n: int, rounds: int) -> None:
    taken = {"ours": [], "bare": []}
    for _ in range(rounds + 1):
        for name, address in (("ours", ours), ("bare", bare)):
            taken[name].append(_first_figure(browser, address))
    ours_s, bare_s = (statistics.median(times[1:]) for times in taken.values())
    print(f"first figure, {n} figures a page: ours {ours_s:.2f} s, bare {bare_s:.2f} s, {ours_s / bare_s:.2f} times")


def _first_figure(browser, address: str) -> float:
    """Seconds from asking for the address in a fresh browser to the first figure that can be seen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address, timeout=MILLISECONDS)
    page.wait_for_selector(FIGURE, timeout=MILLISECONDS)
    taken = time.perf_counter() - start
    context.close()
    return taken


def _change(browser, address: str, rounds: int) -> None:
    """From pressing a base to the sentence of the new selection, and to the last figure."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(address, timeout=MILLISECONDS)
    settled(page)
    said, whole = [], []
    for i in range(rounds * 2):
        label, words = (("Working age (16 to 64)", "working age"), ("Everyone referred", "everyone referred"))[i % 2]
        start = time.perf_counter()
        page.get_by_text(label, exact=True).click()
        page.wait_for_function("w => document.querySelector('.selection').innerText.includes(w)", arg=words)
        said.append(time.perf_counter() - start)
        page.wait_for_selector(IDLE, timeout=MILLISECONDS)
        whole.append(time.perf_counter() - start)
    page.close()
    print(
        f"change of selection: in words after {statistics.median(said):.2f} s, all of the page after {statistics.median(whole):.2f} s"
    )


if __name__ == "__main__":
    main()
