"""One SQL text for DuckDB and Spark: the spellings that only one of them takes, or that they read differently, stand nowhere in it."""

import ast
import re
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from journeys.answer.query import _Listed
from journeys.vocabulary import metrics

ROOT = Path(__file__).resolve().parents[2]
ANSWER = sorted((ROOT / "journeys" / "answer").rglob("*.py"))
# what is forbidden: (pattern, what to write)
FORBIDDEN = (
    (r"::\s*\w+\[\]", "a list's type: split() of one text"),
    (r"::\s*(varchar|text|hugeint|uinteger|ubigint)\b", "string, bigint, double"),
    (r"\blen\(", "cardinality"),
    (r"\blist_\w+\(", "array_contains, cardinality"),
    (r"\b(unnest|explode)\((?:(?!\bfrom\b).)*\b(unnest|explode)\(", "one text, or cross join (values ...)"),
    (r"\bin \(select unnest\(", "array_contains"),
    (r"\* (replace|exclude|except)\b", "columns by name"),
    (r"\bquantile_\w+\(", "median"),
    (r"\b(strptime|strftime|date_diff|datediff|arg_max|arg_min|getvariable|struct_pack|string_agg|list)\(", "a column of the store"),
    (r"\b(explode|size|to_date)\(", "unnest, cardinality, a column of the store"),
    (r"[\w)\]] ?// ?[\w(]", "a division by nullif"),
    (r"\b\w+\[\d", "a column: the first element is 1 to DuckDB and 0 to Spark"),
    (r"\b(qualify|asof|pivot|using sample)\b", "plain SELECT"),
)  # fmt: skip


def first_forbidden(sql: str) -> str | None:
    """The first forbidden spelling in a SQL text, and what to write instead."""
    words = re.sub(r"--[^\n]*", "", sql).lower()
    for pattern, instead in FORBIDDEN:
        if found := re.search(pattern, words, re.S):
            return f"{found.group()!r}: write {instead}"
    return None


def test_metrics_are_in_the_spellings_of_both():
    found = {
        m.slug: [first_forbidden(sql) for sql in (m.sql, *m.left_out.values())] for m in metrics.catalogue().values()
    }
    assert len(found) > 40
    assert {slug: words for slug, words in found.items() if any(words)} == {}


def texts_of(source: str):
    """The texts of a module that are no docstrings, an f-string as one with its holes left out."""
    tree = ast.parse(source)
    docs = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    joined = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs | joined:
            yield node.value


@pytest.mark.parametrize("path", ANSWER, ids=lambda p: p.stem)
def test_the_sql_of_the_answer_is_in_the_spellings_of_both(path):
    assert [words for text in texts_of(path.read_text("utf-8")) if (words := first_forbidden(text))] == []


def test_the_answer_has_sql_to_look_at():
    found = [text for path in ANSWER for text in texts_of(path.read_text("utf-8"))]
    assert sum("select " in text for text in found) > 8


@pytest.mark.parametrize(
    "sql",
    ["select null::varchar as x", "select unnest($a::varchar[]) as x", "select len(x)", "select list_contains(x, 1)",
     "select unnest($a) as x,\n unnest($b) as y", "select * exclude (x) from t", "select x // 2", "select x[1]", "select explode(x)"],
)  # fmt: skip
def test_what_is_forbidden_is_found(sql):
    assert first_forbidden(sql)


def test_what_both_take_is_not_forbidden():
    both = "select unnest(x) as a from t union all select unnest(y) from u -- len(x)"
    assert first_forbidden(both) is None


@pytest.mark.parametrize("code", ["a ", f"a{chr(30)}b"])
def test_a_code_that_would_not_come_back_is_refused(code):
    """The guard would count some rows in the wrong block."""
    with pytest.raises(ValueError, match="control character"):
        _Listed.of({"age_band": "string"}, [(code,)])


@pytest.mark.parametrize("rows", [[], [("a", "Ä b", "0"), ("longer", "c", "12")]], ids=["none", "some"])
def test_a_small_table_comes_back(rows):
    values = {}
    with closing(duckdb.connect()) as connection:
        sql = _Listed.of({"c0": "string", "c1": "string", "block": "bigint"}, rows).called("axis_0", values)
        found = connection.execute(f"with {sql} from axis_0", values).fetchall()
    assert found == [(*element, int(block)) for *element, block in rows]
