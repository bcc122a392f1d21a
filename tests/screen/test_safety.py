"""Data reach a page through one of two doors alone: `html.tag`, which escapes for HTML, and `html.plain`, which escapes for Markdown."""

import ast
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journeys.screen import browser, html, menu
from journeys.words.tables import Table

ROOT = Path(__file__).resolve().parents[2]
SCREEN = ROOT / "journeys" / "screen"
MODULES = [ROOT / "dashboard.py", *sorted((ROOT / "pages").glob("*.py")), *sorted(SCREEN.rglob("*.py"))]
OUR_OWN = {
    "label",
    "words",
    "what",
    "help_words",
}  # names that hold words of our own or went through `plain` where they are made
# what Streamlit draws of these is Markdown: the first argument, and these by name
MARKDOWN = {
    "markdown", "warning", "info", "error", "success", "title", "header", "subheader", "caption", "write", "button", "expander",
    "popover", "toggle", "checkbox", "radio", "selectbox", "pills", "segmented_control", "text_input", "page_link", "download_button",
    "spinner", "file_uploader", "metric", "link_button",
}  # fmt: skip
NAMED = {"label", "help", "body", "text"}
NASTY = "![x](https://elsewhere.example/a.png) <b>*bold*</b> :red[x] `code` $x$ [l](https://elsewhere.example)"
module = pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))


def calls(path):
    """Every call of Streamlit: its name and its node."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if is_method and ast.unparse(node.func.value) in ("st", "bar"):
            yield node.func.attr, node


def is_safe(node):
    """Our own words, or words that went through `plain`; a constant, a number, a choice between two, a text made of these."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.IfExp):
        return is_safe(node.body) and is_safe(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return all(
            part.format_spec or is_safe(part.value) for part in node.values if isinstance(part, ast.FormattedValue)
        )
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in ("html.plain", "plain", "len")
    if isinstance(node, ast.Name):
        return node.id.isupper() or node.id in OUR_OWN
    return False


@module
def test_what_streamlit_reads_as_markdown_is_our_own_or_escaped(path):
    found = []
    for name, node in calls(path):
        if name in MARKDOWN:
            first = [] if name == "page_link" else node.args[:1]  # a page's file
            given = [*first, *(k.value for k in node.keywords if k.arg in NAMED)]
            found += [f"line {one.lineno}: st.{name}({ast.unparse(one)[:70]})" for one in given if not is_safe(one)]
    assert found == []


@module
def test_html_is_made_in_one_module(path):
    if path.name not in ("html.py", "browser.py"):
        assert [f"line {node.lineno}" for name, node in calls(path) if name == "html"] == []
    if path.name not in ("html.py", "browser.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"</\w+>", text), "pieces of HTML are made by html.tag"
        assert "html.escape" not in text
        assert not re.search(r"\bHtml\(", text), "only html.py says that a text is HTML already"


@module
def test_session_state_has_one_module(path):
    if path.name not in ("session.py", "handover.py"):
        assert "session_state" not in path.read_text(encoding="utf-8")


def test_nothing_asks_a_function_for_its_parameters():
    assert not [path for path in MODULES if "inspect" in path.read_text(encoding="utf-8")]


def test_words_around_a_figure_are_escaped_but_for_their_bold(monkeypatch):
    shown = []
    monkeypatch.setattr(html.st, "html", shown.append)
    html.key([("●", "#123456", "<i>A</i> & B")])
    html.feet(["<b>1</b> <script>x</script>"])
    assert "&lt;i&gt;A&lt;/i&gt; &amp; B" in shown[0] and "<i>" not in shown[0]
    assert shown[1] == '<div class="feet"><p><strong>1</strong> &lt;script&gt;x&lt;/script&gt;</p></div>'


def test_a_tag_escapes_words_and_values_and_keeps_html():
    made = html.tag("p", "<b>", html.tag("i", "a & b"), class_="x", data_panel='"><script>', title=None)
    assert made == '<p class="x" data-panel="&quot;&gt;&lt;script&gt;">&lt;b&gt;<i>a &amp; b</i></p>'


def test_plain_words_have_no_markdown_left():
    said = html.plain(NASTY)
    for sign in "!*[]<`$":
        assert not re.search(rf"(?<!\\){re.escape(sign)}", said), sign
    assert said.replace("\\", "") == NASTY


def test_a_script_cannot_be_ended_by_what_it_is_given():
    assert "<" not in browser._literal(["</script><img src=x>"])


def test_a_table_escapes_every_cell(monkeypatch):
    drawn = []
    monkeypatch.setattr("streamlit.html", drawn.append)
    html.table(Table(("<h>", "<d>"), (("<a>", "<b>"),), 1, ()), "<c>")
    assert not re.search(r"<[abcdh]>", drawn[0])


def test_what_a_link_says_is_never_drawn_as_markdown(made, monkeypatch):
    monkeypatch.setenv("JOURNEYS_STORE", str(made))
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / menu.HOME), default_timeout=120)
    app.query_params["service"] = NASTY
    app.switch_page(menu.files()["Referrals"]).run()
    (warning,) = app.warning
    assert html.plain(NASTY) in warning.value
    assert not re.search(r"(?<!\\)!(?<!\\)\[", warning.value)
