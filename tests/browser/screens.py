"""Screenshots of every page, light and dark, wide and narrow: `python tests/browser/screens.py OUT_DIR`."""

import argparse
import itertools
import tempfile
from pathlib import Path

from driver import MILLISECONDS, chromium, make_store, menu, serving, settled

SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
TALLEST = 12_000  # pixels of one picture


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("out", type=Path, help="the folder for the pictures")
    given.add_argument("--journeys", type=int, default=15_000, help="size of the sample that is shown")
    options = given.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        store = make_store(Path(place), options.journeys)
        with chromium() as browser, serving(store) as address:
            for scheme, (size, screen) in itertools.product(("light", "dark"), SIZES.items()):
                _take(browser, address, options.out, f"{scheme}-{size}", {"color_scheme": scheme, "viewport": screen})


def _take(browser, address: str, out: Path, kind: str, options: dict) -> None:
    """Every page in one scheme and size, each whole."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(MILLISECONDS)
    for name in menu.files():
        page.set_viewport_size(options["viewport"])
        page.goto(f"{address}/{name}")
        settled(page)
        whole = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": options["viewport"]["width"], "height": min(whole + 10, TALLEST)})
        settled(page)
        file = out / f"{name or 'Board_summary'}-{kind}.png"
        page.screenshot(path=file)
        print(file)
    context.close()


if __name__ == "__main__":
    main()
