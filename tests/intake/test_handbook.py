"""data/README.md is what the dictionary says today."""

from pathlib import Path

from journeys.intake import handbook
from journeys.intake.rules import RULES
from journeys.vocabulary import dictionary

README = Path(dictionary.PATH).parent / "README.md"


def test_the_readme_is_current():
    assert README.read_text(encoding="utf-8") == handbook.text(), (
        "run: python -m journeys.intake.handbook > data/README.md"
    )


def test_every_table_column_code_and_rule_is_in_it():
    words = handbook.text()
    for table in dictionary.load().tables.values():
        assert f"## {table.name}: " in words
        for column in table.columns.values():
            assert f"| `{column.name}` |" in words
            assert all(f"`{code.code}` | {code.label} |" in words for code in column.codes if table.name != "measure")
    assert all(f"| `{rule}` |" in words for rule in RULES)


def test_the_example_rows_are_a_delivery_without_findings(tmp_path):
    import duckdb

    from journeys.intake import read

    for table in dictionary.load().tables.values():
        header = ",".join(table.columns)
        example = ",".join(column.example for column in table.columns.values())
        (tmp_path / f"{table.name}.csv").write_text(f"{header}\n{example}\n", encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as delivery")
        assert list(read.read([tmp_path], connection)) == []
