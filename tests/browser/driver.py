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
from types import MappingProxyType

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the screenshots are a script, which Python starts in its own folder

from journeys.sample import lives  # noqa: E402
from journeys.screen import menu  # noqa: E402
from journeys.store import build  # noqa: E402

__all__ = ["MILLISECONDS", "TAKING", "chromium", "kept", "make_store", "menu", "opening", "serving", "settled"]

CHROMIUM = "/usr/bin/chromium"
# one process for all tabs of a context: a tab then takes over the framework's code as another has compiled it, which is a third of a visit
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--process-per-site"]
SECONDS = 60
MILLISECONDS = SECONDS * 1000
# what a server is started with that takes deliveries; without the size it says that it takes none
TAKING = {"JOURNEYS_ALLOW_UPLOAD": "1", "STREAMLIT_SERVER_MAX_UPLOAD_SIZE": "501"}
# Streamlit asks below the page's own path first, and is answered 404, before it asks at the root (streamlit/streamlit issue 7022).
FRAMEWORK = re.compile(r"status of 404")


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
        server.wait(timeout=1)
    except subprocess.TimeoutExpired:
        server.kill()


def _wait_until_healthy(address):
    for _ in range(SECONDS * 10):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            if answer.read() == b"ok":
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server at {address} did not start within {SECONDS} seconds")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


# Noted in a page from its first look on: when something was last sent to the server, when a run last began, when anything last changed.
WATCH = """() => {
  if (window.noted) return;
  const noted = window.noted = {sent: -Infinity, began: -Infinity, changed: performance.now(), looked: -Infinity};
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) { noted.sent = performance.now(); return send.call(this, data); };
  new MutationObserver(changes => {
    noted.changed = performance.now();
    if (changes.some(one => one.attributeName === 'data-test-script-state' && one.target.dataset.testScriptState !== 'notRunning')) noted.began = noted.changed;
  }).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
}"""
# What was sent has begun to be answered; nothing was sent, and there was time for it; or what was sent asked for no run. A page that is looked at
# for the first time has had its first run begun when it has a heading.
BEGUN = """() => {
  const now = performance.now(), noted = window.noted;
  if (!document.querySelector('h1')) return false;
  if (noted.looked === -Infinity) return true;
  if (noted.sent > noted.looked) return noted.began > noted.sent || now - noted.sent > 1000;
  return now - noted.asked > 300;
}"""
# Nothing runs, waits or is stale, every figure is drawn, and nothing has changed for a tenth of a second (what never rests is not waited for).
STILL = """() => {
  const now = performance.now(), noted = window.noted, all = what => [...document.querySelectorAll(what)];
  const isBusy = !document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    || document.querySelector('.st-key-rest-of-page .stElementContainer, [data-stale=true]')
    || all('.stPlotlyChart').some(one => one.offsetParent && !one.querySelector('.main-svg'));
  if (isBusy) noted.still = 0;
  else noted.still ||= now;
  if (isBusy || (now - noted.changed < 100 && now - noted.still < 2000)) return false;
  noted.looked = now;
  return true;
}"""


def settled(page):
    """Wait until the page's script has run, the panels after the first ones included, and its figures are drawn."""
    page.wait_for_selector("h1", state="attached", timeout=MILLISECONDS)
    page.evaluate(WATCH)
    page.evaluate("window.noted.asked = performance.now()")
    page.wait_for_function(BEGUN, timeout=MILLISECONDS)
    page.wait_for_function(STILL, timeout=MILLISECONDS)


STILLED = {"reduced_motion": "reduce"}
_kept = {}


def kept(browser):
    """The context that is kept as long as a browser: in it the framework's code is fetched and compiled once. A page in it has a session of its own."""
    if browser not in _kept:
        _kept[browser] = browser.new_context(**STILLED)
    return _kept[browser]


@contextlib.contextmanager
def opening(browser, server):
    """Gives what opens an address in a tab with a session of its own and waits for it; console errors of ours fail at the end.

    Other options than the size of the screen take a browser context of their own.
    """
    pages, contexts, errors = [], [], []

    def open_at(path, viewport=MappingProxyType({"width": 1280, "height": 1000}), **options):
        context = kept(browser)
        if not context.pages:  # one stays open and keeps the process of all of them
            context.new_page().goto(f"{server}/_stcore/health")
        if options:
            context = browser.new_context(**STILLED, **options)
            contexts.append(context)
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size(dict(viewport))
        page.set_default_timeout(MILLISECONDS)
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{server}/{path}")
        settled(page)
        return page

    yield open_at
    for opened in (*pages, *contexts):
        opened.close()
    ours = [error for error in errors if not FRAMEWORK.search(error)]
    assert ours == [], ours
