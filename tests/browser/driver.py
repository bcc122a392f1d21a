"""A small sample store, a fresh server on a free port, and Chromium: what the browser tests and the screenshots stand on."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the screenshots are a script, which Python starts in its own folder

from journeys.sample import lives  # noqa: E402
from journeys.screen import menu  # noqa: E402
from journeys.store import build  # noqa: E402

__all__ = ["MILLISECONDS", "TAKING", "chromium", "make_store", "menu", "serving", "settled"]

CHROMIUM = "/usr/bin/chromium"
SECONDS = 60
MILLISECONDS = SECONDS * 1000
# what a server is started with that takes deliveries; without the size it says that it takes none
TAKING = {"JOURNEYS_ALLOW_UPLOAD": "1", "STREAMLIT_SERVER_MAX_UPLOAD_SIZE": "501"}
# Streamlit asks below the page's own path first, and is answered 404, before it asks at the root (streamlit/streamlit issue 7022).
FRAMEWORK = re.compile(r"status of 404")
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def make_store(place, journeys=3_000):
    """A store with a sample of invented journeys, in `place`/store."""
    build.load([lives.write(place / "delivery", journeys=journeys, format="parquet")], place / "store")
    return place / "store"


@contextlib.contextmanager
def serving(store, script="dashboard.py", log=os.devnull, base="", **settings):
    """A fresh server on a free port over this store, below the path `base`; gives its address and ends it afterwards. What it says goes to `log`."""
    port = free_port()
    server = ["--server.headless", "true", "--server.port", str(port), "--server.baseUrlPath", base]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *server]
    environment = {**os.environ, "JOURNEYS_STORE": str(store), **settings}
    said = open(log, "ab")  # noqa: SIM115
    with said, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said) as running:
        try:
            address = f"http://127.0.0.1:{port}{base}"
            _wait_until_healthy(address)
            yield address
        finally:
            _end(running)


def _end(server):
    """A server waits for its browsers to close; this one need not."""
    server.terminate()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()


def _wait_until_healthy(address):
    for _ in range(SECONDS * 2):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            if answer.read() == b"ok":
                return
        time.sleep(0.5)
    raise RuntimeError(f"the server at {address} did not start within {SECONDS} seconds")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def settled(page):
    """Wait until the page's script has run, the panels after the first ones included, and its figures are drawn."""
    page.wait_for_timeout(300)
    page.wait_for_selector("h1", timeout=MILLISECONDS)
    page.wait_for_function(
        "() => !document.querySelector('.st-key-rest-of-page .stElementContainer')", timeout=MILLISECONDS
    )
    page.wait_for_selector(IDLE, timeout=MILLISECONDS)
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')", timeout=MILLISECONDS)
    page.wait_for_timeout(300)
