"""What a page of AppTest says, as its reader sees it: terms without their meanings."""

import re

TERM = re.compile(r'<button[^>]* class="term"[^>]*>(.*?)</button>')
GLUED = re.compile(r'<span class="glued">(.*?)</span>')  # around a term and the signs that touch it


def bodies(app):
    """Every piece of HTML on the page."""
    return [GLUED.sub(r"\1", TERM.sub(r"\1", one.proto.body)) for one in app.get("html")]


def words(app):
    """All of it in one text, with what stands as Markdown."""
    return " ".join([*bodies(app), *(one.value for one in app.markdown)])


def subtitles(app):
    """What each panel shows and of whom, below its finding."""
    found = (re.search(r'class="subtitle">(.*?)</p>', body) for body in bodies(app))
    return [match[1] for match in found if match]
