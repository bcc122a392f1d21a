"""How long the server works on a page, for a selection that nobody has asked for and for one that was seen, beside a page of nothing but figures.

    python tests/benchmarks/pages.py                          a store of 1,000,000 synthetic journeys, built in a temporary folder
    python tests/benchmarks/pages.py --store FOLDER           a store that is there already (answers kept in it are not used)
    python tests/benchmarks/pages.py --store FOLDER --rounds 10 "" Referrals

The servers are let finish what they count beforehand; how long that takes is printed. A reader without a browser (tests/browser/visitor.py) changes the selection and waits until the server has said all of the page. `new` is a selection that
nobody asked for, `seen` one asked for before, `kept` the same in another process over the same store (as after a restart), `bare` a Streamlit page with as many Plotly figures, built anew as usual. They take turns, so that
a busy machine slows all; `cpu` is the processor time of the server, which is what stays the same on a busy machine. Seconds, medians (cpu: means).
Nothing here is a test: a time is not a promise of another machine.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "browser"), str(Path(__file__).resolve().parents[2])]

from driver import make_store, serving  # noqa: E402
from first_figure import bare  # noqa: E402
from selections import bare_store, unseen  # noqa: E402
from visitor import Redraw, Visitor, process_of, processor_seconds  # noqa: E402

PAGES = ("", "Referrals", "Goals", "Upward_spiral", "Outcomes", "Pathways", "Services", "Equity", "Service")
OF_ONE = "Service"  # a page that says nothing before a service is chosen
MOST_SECONDS = 120
KINDS = ("new", "seen", "kept", "bare")


async def redraw(visitor: Visitor, query: dict) -> tuple[float, float, Redraw]:
    """Seconds, processor seconds and what came, of one redraw."""
    pid = process_of(visitor.address)
    before = processor_seconds(pid)
    seen = await visitor.look(**query)
    await asyncio.sleep(0.05)
    if seen.trouble:
        print("trouble:", *seen.trouble, query, file=sys.stderr)
    return seen.seconds, processor_seconds(pid) - before, seen


async def rest(visitor: Visitor) -> float:
    """Seconds until the server has nothing to do (it counts beforehand, and gives way to every reader)."""
    pid, began = process_of(visitor.address), time.monotonic()
    while time.monotonic() - began < MOST_SECONDS:
        before = processor_seconds(pid)
        await asyncio.sleep(1)
        if processor_seconds(pid) - before < 0.05:
            break
    return time.monotonic() - began


async def measure(
    ours: str, again: str, page: str, fresh: Iterator[dict], rounds: int, work: Path, store: Path
) -> None:
    visitor, second = await Visitor(ours, page).open(), await Visitor(again, page).open()
    if page == OF_ONE:
        fresh = (query for query in fresh if "service" in query)
    n = (await visitor.look(**(opened := next(fresh) if page == OF_ONE else {}))).n_figures
    await second.look(**opened)
    with bare(work, n, store) as beside:
        other = await Visitor(beside).open()
        await other.look()
        times: dict[str, list] = {kind: [] for kind in KINDS}
        for _ in range(rounds):
            query = next(fresh)
            times["new"].append(await redraw(visitor, query))
            await visitor.look(**next(fresh))
            times["seen"].append(await redraw(visitor, query))
            times["kept"].append(await redraw(second, query))
            times["bare"].append(await redraw(other, {}))
        await other.close()
    await visitor.close()
    await second.close()
    line = f"{page or 'Board summary':<16}{n:>8}"
    for kind in KINDS:
        seconds, cpu = median(t[0] for t in times[kind]), mean(t[1] for t in times[kind])
        line += f"{seconds:>8.2f}{cpu:>7.3f}"
    print(f"{line}{median(t[2].n_bytes for t in times['seen']) / 1000:>8.0f}", flush=True)


async def main(given: argparse.Namespace, work: Path) -> None:
    store = bare_store(given.store or make_store(work, given.journeys), work / "linked")
    fresh = unseen(store, given.seed)
    print(f"{'page':<16}{'figures':>8}" + "".join(f"{kind:>8}{'cpu':>7}" for kind in KINDS) + f"{'kB':>8}")
    with serving(store) as ours, serving(store) as again:
        for address in (ours, again):
            first = await Visitor(address).open()
            print(
                f"first look {(await first.look()).seconds:.1f} s, then counting beforehand {await rest(first):.0f} s",
                flush=True,
            )
            await first.close()
        for page in given.pages:
            await measure(ours, again, page, fresh, given.rounds, work, store)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("pages", nargs="*", default=PAGES)
    options.add_argument("--store", type=Path)
    options.add_argument("--journeys", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(main(options.parse_args(), Path(temporary)))
