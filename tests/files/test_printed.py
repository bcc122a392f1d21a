"""A pack as PDF: printed by a browser of the machine, and words where there is none or it does not print."""

import re

import pytest

from journeys import open_store
from journeys.files import pack, printed
from journeys.vocabulary.selection import Selection

PAGE = "<!doctype html><html lang='en'><head><title>A pack</title></head><body><h1>A pack</h1></body></html>"


@pytest.mark.browser
def test_a_pack_is_printed_with_its_headings_told(sample, tmp_path):
    out, store = tmp_path / "board.pdf", open_store(sample(tmp_path, 3_000, "parquet"))
    pack.write(out, store, Selection())
    store.close()
    held = out.read_bytes()
    assert held.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", held)) >= 3
    sizes = {tuple(round(float(n)) for n in box.split()) for box in re.findall(rb"/MediaBox \[([^\]]*)\]", held)}
    assert sizes == {(0, 0, 595, 842)}, "A4"
    assert b"/StructTreeRoot" in held and b"/Outlines" in held


def test_without_a_browser_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("JOURNEYS_BROWSER", raising=False)
    monkeypatch.setattr(printed.shutil, "which", lambda name: None)
    with pytest.raises(ValueError, match="JOURNEYS_BROWSER"):
        printed.pdf(PAGE, tmp_path / "board.pdf")


@pytest.mark.parametrize(("browser", "said"), [("true", "printed nothing"), ("no-such-browser", "cannot be started")])
def test_a_browser_that_does_not_print_leaves_no_file(tmp_path, monkeypatch, browser, said):
    monkeypatch.setenv("JOURNEYS_BROWSER", browser)
    with pytest.raises(ValueError, match=said):
        printed.pdf(PAGE, tmp_path / "board.pdf")
    assert list(tmp_path.iterdir()) == []
