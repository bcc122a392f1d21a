"""A reader without a browser: one websocket session of the dashboard that opens pages and changes what is looked at."""

import asyncio
import contextlib
import os
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

REST = "rest-of-page-button"  # what a browser presses by itself when the first figures are drawn
PATIENCE = 120
MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Redraw:
    """One redraw of a page: how long until the server had said all of it, how much that was, and what went wrong."""

    seconds: float
    n_bytes: int
    n_figures: int
    trouble: tuple[str, ...] = ()


@dataclass
class Visitor:
    """One session. `look` draws a page with a selection as a link does, and waits for all of it."""

    address: str
    page: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    trusted: ssl.SSLContext | None = None
    _socket: ClientConnection | None = None
    _cached: set[str] = field(default_factory=set)
    _rest: str = ""
    session: str = ""

    async def open(self) -> "Visitor":
        """Connect as a browser does; a cookie that the server (or a proxy) sets is not kept: give it in `headers`."""
        where = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        more = {"ssl": self.trusted} if self.trusted else {}
        self._socket = await connect(
            where, subprotocols=["streamlit"], max_size=MOST_BYTES, additional_headers=self.headers, compression=None, **more
        )  # fmt: skip
        return self

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def look(self, **query: str) -> Redraw:
        """Draw the page with these parameters; the rest of a page at its first look is asked for, too, as a browser does."""
        self._rest = ""
        first = await self._run(query)
        if not self._rest:
            return first
        rest = await self._run(query, press=self._rest)
        return Redraw(
            first.seconds + rest.seconds,
            first.n_bytes + rest.n_bytes,
            max(first.n_figures, rest.n_figures),
            first.trouble + rest.trouble,
        )

    async def _run(self, query: dict[str, str], press: str = "") -> Redraw:
        assert self._socket is not None, "open() first"
        asked = BackMsg()
        run = asked.rerun_script
        run.query_string = urlencode(query)
        run.page_name = self.page
        run.context_info.url = f"{self.address}/{self.page}"
        run.cached_message_hashes.extend(self._cached)
        if press:
            state = run.widget_states.widgets.add()
            state.id, state.trigger_value = press, True
        started = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        return await asyncio.wait_for(self._received(started), PATIENCE)

    async def _received(self, started: float) -> Redraw:
        assert self._socket is not None
        n_bytes, n_figures, trouble, self._rest = 0, 0, [], ""
        async for data in self._socket:
            said = ForwardMsg()
            said.ParseFromString(data if isinstance(data, bytes) else data.encode())
            n_bytes += len(data)
            if said.metadata.cacheable and said.hash:
                self._cached.add(said.hash)
            element = said.delta.new_element
            kind = element.WhichOneof("type") if said.delta.HasField("new_element") else None
            n_figures += kind == "plotly_chart"
            if kind == "button" and REST in element.button.id:
                self._rest = element.button.id
            if kind == "exception":
                trouble.append(element.exception.message)
            if kind == "alert" and "error" in element.alert.icon:
                trouble.append(element.alert.body)
            if said.HasField("new_session"):
                self.session = said.new_session.initialize.session_id
            if said.WhichOneof("type") == "script_finished":
                if said.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                if said.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    trouble.append(ForwardMsg.ScriptFinishedStatus.Name(said.script_finished))
                return Redraw(time.perf_counter() - started, n_bytes, n_figures, tuple(trouble))
        raise ConnectionError("the server closed the connection in the middle of a redraw")


def processor_seconds(pid: int) -> float:
    """The processor time that a process and those that it started have used, over all their threads."""
    return sum(_used(one) for one in (pid, *started_by(pid)))


def _used(pid: int) -> float:
    used = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> float:
    """The memory that a process and those that it started hold."""
    return sum(_resident(one) for one in (pid, *started_by(pid)))


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0) / 1024


def started_by(pid: int) -> list[int]:
    """The processes that a process started and that are still there."""
    found = [one.read_text(encoding="ascii").split() for one in Path(f"/proc/{pid}/task").glob("[0-9]*/children")]
    return [int(child) for line in found for child in line]


def process_of(address: str) -> int:
    """The process that `driver.serving` started at an address."""
    wanted = f"\0--server.port\0{urlsplit(address).port}\0".encode()
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if wanted in one.read_bytes():
                return int(one.parent.name)
    raise LookupError(f"no process serves {address}")
