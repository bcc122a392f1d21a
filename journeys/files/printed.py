"""A page printed to PDF by a browser of this machine: what is printed is what the page shows, with its headings and tables told to screen readers."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "microsoft-edge", "msedge")
SECONDS = 120


def pdf(page: str, out: Path) -> None:
    """Write a page of HTML, which fetches nothing, to `out`. ValueError where no browser is found or it does not print."""
    browser = os.environ.get("JOURNEYS_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise ValueError(
            f"{out}: a PDF is printed by Chromium, Chrome or Edge, and none is found: name it in the variable JOURNEYS_BROWSER, "
            "or write the pack as .html and print that from any browser"
        )
    with tempfile.TemporaryDirectory() as place:
        written, printed = Path(place, "pack.html"), Path(place, "pack.pdf")
        written.write_text(page, encoding="utf-8")
        _print(browser, written, printed, Path(place, "profile"))
        if not printed.is_file():
            raise ValueError(f"{out}: {browser} printed nothing: write the pack as .html and print that from a browser")
        shutil.copyfile(printed, out)


def _print(browser: str, page: Path, printed: Path, profile: Path) -> None:
    command = [browser, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in a container, where Chromium refuses its sandbox
        command.append("--no-sandbox")
    command += ["--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={printed}", page.as_uri()]
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError(f"{browser} took more than {SECONDS} seconds to print") from None
    except OSError as error:
        raise ValueError(f"{browser} cannot be started: {error.strerror}") from None
