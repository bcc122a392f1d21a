"""A room full of people: fifty sessions on one store, each changing something every 20 seconds for five minutes, with a load in the middle.

    python tests/benchmarks/people.py --store FOLDER                        a store that is there already (answers kept in it are not used)
    python tests/benchmarks/people.py --journeys 15000 --minutes 1          a small one, shortly
    python tests/benchmarks/people.py --store FOLDER --processes 2          two processes, the people half and half
    python tests/benchmarks/people.py --store FOLDER --cold                 a store that nobody has ever looked at

Before they come, one visitor has opened each page of each server once, as a page says what it opens with, and the servers have come to rest; not with `--cold`.
Each person is on one page and changes the selection to another one that somebody has looked at there (`seen`; the one that a page opens with
among them) or, in a tenth of the changes (`--new`) and where there is no other, to one that nobody has (`new`). In the middle a small delivery is loaded into the same store; from then on
everybody reads the new version, and what was seen of the one before stays `seen`. Printed: how many redraws of each kind, the median, the 95th and the highest of their seconds, what went
wrong, and the memory of the servers by half minutes. The people need processor time too: about a tenth of the machine. Nothing here is a test.
"""

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / part) for part in ("browser", "store")]
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import small  # noqa: E402
from driver import ROOT, make_store, serving  # noqa: E402
from selections import bare_store, unseen  # noqa: E402
from visitor import Visitor, process_of, processor_seconds, resident_megabytes  # noqa: E402

from pages import rest  # noqa: E402

PAGES = (
    "",
    "Referrals",
    "Goals",
    "Upward_spiral",
    "Outcomes",
    "Wellbeing",
    "Pathways",
    "Services",
    "Equity",
    "Activity",
)


@dataclass
class Room:
    """What the people of a room have looked at, and how long each look took."""

    store: Path
    seed: int
    share_new: float
    ends_at: float
    drawn: random.Random = field(default_factory=lambda: random.Random(1))
    seen: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    trouble: list[str] = field(default_factory=list)
    n_versions: int = 0
    began: float = field(default_factory=time.monotonic)
    by_half_minute: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._fresh = unseen(self.store, self.seed)

    def next(self, page: str, now: dict) -> tuple[str, dict]:
        """What somebody who looks at `now` on this page looks at next, and whether that is new to everybody."""
        seen = [one for one in self.seen[page] if one != now]
        if seen and self.drawn.random() >= self.share_new:
            return "seen", self.drawn.choice(seen)
        return "new", next(self._fresh)

    async def look(self, visitor: Visitor, kind: str, query: dict) -> None:
        version = self.n_versions
        found = await visitor.look(**query)
        self.trouble += found.trouble
        if version != self.n_versions:
            kind = "while the data changed"
        elif kind == "new":
            self.seen[visitor.page].append(query)
        self.times[kind].append(found.seconds)
        self.by_half_minute[kind, int((time.monotonic() - self.began) // 30)].append(found.seconds)

    def load_is_over(self) -> None:
        self.n_versions += 1


async def person(room: Room, address: str, page: str, every: float, wait: float) -> None:
    """Comes at some moment, opens a page, and changes something every so many seconds until the end."""
    await asyncio.sleep(wait)
    visitor = await Visitor(address, page).open()
    room.times["first look"].append((await visitor.look()).seconds)
    now: dict = {}
    if now not in room.seen[page]:
        room.seen[page].append(now)
    while time.monotonic() < room.ends_at:
        started = time.monotonic()
        kind, now = room.next(page, now)
        await room.look(visitor, kind, now)
        await asyncio.sleep(max(0.0, every - (time.monotonic() - started)))
    await visitor.close()


async def opened(room: Room, address: str) -> None:
    """Somebody has looked at each page before the others come; and the server does what it does while nobody asks."""
    started = time.monotonic()
    for page in PAGES:
        visitor = await Visitor(address, page).open()
        await visitor.look()
        await visitor.close()
        if {} not in room.seen[page]:
            room.seen[page].append({})
    await rest(visitor)
    print(f"each page opened once, and at rest after {time.monotonic() - started:.0f} s", flush=True)


async def loaded(room: Room, delivery: Path, wait: float) -> None:
    await asyncio.sleep(wait)
    started = time.monotonic()
    command = [sys.executable, "-m", "journeys", "load", str(delivery), "--store", str(room.store)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, _ = await process.communicate()
    room.load_is_over()
    print(f"load of {time.monotonic() - started:.0f} s: {said.decode().strip().splitlines()[-1:]}", flush=True)


async def watched(room: Room, pids: list[int]) -> None:
    """The servers' memory, by half minutes."""
    while time.monotonic() < room.ends_at:
        print("memory " + " ".join(f"{resident_megabytes(pid):.0f} MB" for pid in pids), flush=True)
        await asyncio.sleep(min(30.0, max(0.1, room.ends_at - time.monotonic())))


def told(room: Room) -> None:
    print(f"\n{'redraws':<24}{'n':>6}{'median':>9}{'95%':>9}{'highest':>9}   seconds")
    for kind, times in sorted(room.times.items()):
        ordered = sorted(times)
        at = [ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], ordered[-1]]
        print(f"{kind:<24}{len(ordered):>6}" + "".join(f"{seconds:>9.2f}" for seconds in at))
    print("median and 95% by half minutes:")
    for (kind, half), times in sorted(room.by_half_minute.items()):
        ordered = sorted(times)
        at = ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]
        print(f"{kind:<24}{30 * half:>5} s {len(ordered):>4} {at[0]:>7.2f} {at[1]:>7.2f}")
    print(f"{len(room.trouble)} went wrong", *room.trouble[:5], sep="\n")


async def main(given: argparse.Namespace, work: Path) -> None:
    store = bare_store(given.store or make_store(work, given.journeys), work / "linked")
    delivery = small.whole(work / "small", 400)
    with ExitStack() as running:
        addresses = [running.enter_context(serving(store)) for _ in range(given.processes)]
        pids = [process_of(one) for one in addresses]
        room = Room(store, given.seed, given.new, 0.0)
        if not given.cold:
            await asyncio.gather(*(opened(room, address) for address in addresses))
        room.began = time.monotonic()
        room.ends_at = room.began + 60 * given.minutes
        used = sum(map(processor_seconds, pids))
        people = [
            person(
                room, addresses[i % len(addresses)], PAGES[i % len(PAGES)], given.every, given.every * i / given.people
            )
            for i in range(given.people)
        ]
        others = [watched(room, pids), *([loaded(room, delivery, 30 * given.minutes)] if not given.no_load else [])]
        await asyncio.gather(*people, *others)
        print(f"processor time of the servers {sum(map(processor_seconds, pids)) - used:.0f} s")
        print("memory at the end " + " ".join(f"{resident_megabytes(pid):.0f} MB" for pid in pids))
    told(room)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--store", type=Path)
    options.add_argument("--journeys", type=int, default=1_000_000)
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--every", type=float, default=20)
    options.add_argument("--minutes", type=float, default=5)
    options.add_argument("--processes", type=int, default=1)
    options.add_argument("--new", type=float, default=0.1)
    options.add_argument("--no-load", action="store_true")
    options.add_argument("--cold", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(main(options.parse_args(), Path(temporary)))
