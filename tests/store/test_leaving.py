"""What leaves the store: services, and people who are to be forgotten, from older versions and from every later load."""

import os
import shutil
import stat
from contextlib import closing

import pytest
import small

from journeys.intake import checks
from journeys.store import build, forgotten, leaving, tables
from journeys.store.folder import StoreError, current_version, file_of, versions_in
from journeys.store.opened import open_store


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two services that share a client key, north twice, so that an older version holds them too. p0 to p9 go to both."""
    folder = tmp_path_factory.mktemp("leaving")
    for name, n in (("north", 40), ("more", 45)):
        small.whole(folder / name, n, client_key="shared")
    small.whole(folder / "south", 20, "south", client_key="shared")
    small.whole(folder / "west", 10, "west")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([folder / name for name in ("north", "south", "west")], folder / "store")
        build.load([folder / "more"], folder / "store")
    return folder


@pytest.fixture
def store(made, tmp_path):
    """A copy of that store to change, with its key and its deliveries."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "store"


@pytest.fixture
def refs(tmp_path):
    def write(*lines, header="client_key,client_ref"):
        (tmp_path / "refs.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return tmp_path / "refs.csv"

    return write


def journeys_by_service(store):
    with closing(open_store(store)) as opened:
        found = opened._run("select service_id, count(*) as n from journey group by all order by all", {})
        return {row["service_id"]: row["n"] for row in found}


def answers(store):
    with closing(open_store(store)) as opened:
        return [opened.ask(metric, by=("service",)).rows for metric in ("referrals", "goals_set", "found_work")]


def check_sixtieths(store):
    """In every table a row says how much of its person it is, and people with one row and with several occur."""
    with closing(open_store(store)) as opened:
        for table in opened._columns:
            counted = f"select *, count(*) over (partition by client) as n from {table}"
            found = opened._run(f"select sixtieths, n from ({counted})", {})
            assert all(row["sixtieths"] == 60 // row["n"] for row in found), table
            if table in ("journey", "outcome"):
                assert {row["n"] == 1 for row in found} == {True, False}, table


def test_how_much_of_its_person_a_row_is_is_worked_out_for_every_version(store, refs):
    check_sixtieths(store)
    leaving.forget(refs("shared,p3"), store)
    check_sixtieths(store)
    leaving.remove(["west"], store)
    check_sixtieths(store)


# --- services ---------------------------------------------------------------------------------------------------------


def test_a_service_that_is_removed_is_gone_and_the_others_answer_as_before(store):
    before = [row for rows in answers(store) for row in rows if row.labels["service"] != "south"]
    said = leaving.remove(["south"], store)
    assert journeys_by_service(store) == {"north": 45, "west": 10}
    after = [row for rows in answers(store) for row in rows]
    # with fewer people around them the guard may hide or show others; what is shown of both is the same
    both = [(b, a) for b, a in zip(before, after, strict=True) if b.is_shown and a.is_shown]
    assert len(both) >= 2
    assert all(b == a for b, a in both)
    assert current_version(store) in said and "rollback" in said
    with closing(open_store(store)) as opened:
        assert (opened.loads[-1].what, opened.loads[-1].services) == ("remove", ("south",))


def test_a_removed_service_can_be_loaded_again_and_rollback_brings_it_back(store, tmp_path):
    leaving.remove(["south"], store)
    assert build.load([tmp_path / "south"], store).version
    assert journeys_by_service(store)["south"] == 20
    build.rollback(store)
    build.rollback(store)
    assert journeys_by_service(store)["south"] == 20


def test_what_is_not_held_cannot_be_removed(store):
    with pytest.raises(ValueError, match="no service nowhere; it has north, south, west"):
        leaving.remove(["nowhere"], store)
    with pytest.raises(build.LoadError, match="No service would be left"):
        leaving.remove(["north", "south", "west"], store)
    assert len(versions_in(store)) == 2


# --- people -----------------------------------------------------------------------------------------------------------


def test_people_go_from_every_table_and_every_version(store, refs, tmp_path):
    said = leaving.forget(refs("shared,p3", "shared,p44"), store)
    assert said.startswith("3 journeys went. 2 people are on the list")
    assert "p3" not in said and "p44" not in said
    assert journeys_by_service(store) == {"north": 43, "south": 19, "west": 10}
    assert versions_in(store) == [current_version(store)]
    key = (tmp_path / "store.key").read_text()
    numbers = [int(line.split()[1]) for line in (tmp_path / "store.forgotten").read_text().splitlines()]
    assert len(numbers) == 2
    (tmp_path / "work").mkdir()
    with closing(tables.connected(tmp_path / "work", key)) as shell:
        shell.execute(f"attach '{file_of(store, current_version(store))}' as held (read_only)")
        found = tables.of_people(shell, "held")
        assert {"journey", "goal", "outcome"} <= set(found)
        for table in found:
            apart = {tables.column(shell, f"select client_apart({number}, '{table}')")[0] for number in numbers}
            assert not set(tables.column(shell, f"select client from held.{table}")) & {*numbers, *apart}, table
        assert tables.column(shell, "select count(*) from held.goal where service_id = 'north'") == [43]


def test_a_table_under_a_salt_of_its_own_loses_them_too(tmp_path):
    with closing(tables.connected(tmp_path, "k" * 20)) as connection:
        connection.execute("create table apart as select client_apart(n, 'apart') as client, n from range(5) as r(n)")
        connection.execute("create table wanted as select 3::bigint as client")
        left = f"select n from apart where not {tables.is_of('apart', 'wanted')} order by n"
        assert tables.column(connection, left) == [0, 1, 2, 4]


def test_every_later_load_leaves_them_out_and_says_how_many(store, refs, tmp_path):
    leaving.forget(refs("shared,p3"), store)
    other = small.whole(tmp_path / "other", 60, client_key="shared")
    found = build.load([other], store)
    assert found.is_done and found.comparison.notes == ("1 journey of people who are to be forgotten was left out",)
    assert journeys_by_service(store)["north"] == 59
    assert build.load([other], store).note.startswith("Nothing to do")


def test_the_list_lies_beside_a_key_that_lies_elsewhere(store, refs, tmp_path, monkeypatch):
    """A load that looked for it beside the store would bring people back."""
    (tmp_path / "apart").mkdir()
    elsewhere = (tmp_path / "store.key").rename(tmp_path / "apart" / "client.key")
    monkeypatch.setenv("JOURNEYS_KEY_FILE", str(elsewhere))
    leaving.forget(refs("shared,p3"), store)
    assert sorted(place.name for place in elsewhere.parent.iterdir()) == ["client.forgotten", "client.key"]
    build.load([small.whole(tmp_path / "other", 60, client_key="shared")], store)
    assert journeys_by_service(store)["north"] == 59


def test_undo_lets_them_back_with_their_delivery(store, refs, tmp_path):
    leaving.forget(refs("shared,p3", "shared,p4"), store)
    assert leaving.undo(refs("shared,p3", "shared,p99"), store).startswith("1 of 2 people were on the list")
    assert journeys_by_service(store)["north"] == 43
    assert build.load([tmp_path / "more"], store).version
    assert journeys_by_service(store)["north"] == 44
    leaving.undo(refs("shared,p4"), store)
    assert not (tmp_path / "store.forgotten").exists()


def test_a_reference_under_a_service_finds_its_shared_key(store, refs):
    said = leaving.forget(refs("north,p3", "west,p3", header="service_id,client_ref"), store)
    assert said.startswith("3 journeys went")
    assert journeys_by_service(store) == {"north": 44, "south": 19, "west": 9}


def test_somebody_who_is_not_held_is_listed_all_the_same(store, refs, tmp_path):
    version = current_version(store)
    said = leaving.forget(refs("shared,p50"), store)
    assert said.startswith("0 journeys went") and "look at the client_key" in said
    assert current_version(store) == version and len(versions_in(store)) == 2
    found = build.load([small.whole(tmp_path / "other", 60, client_key="shared")], store)
    assert "1 journey" in found.comparison.notes[0]


def test_a_version_that_is_held_open_goes_at_the_next_start_and_nothing_goes_back_to_it(store, refs, monkeypatch):
    old = versions_in(store)
    with monkeypatch.context() as windows:
        for module in ("versions", "folder"):
            windows.setattr(f"journeys.store.{module}._remove", lambda file: None)
        said = leaving.forget(refs("shared,p3"), store)
    assert "2 older versions are open elsewhere" in said
    assert set(old) < set(versions_in(store))
    with pytest.raises(StoreError, match="no earlier version"):
        build.rollback(store)
    open_store(store).close()
    assert versions_in(store) == [current_version(store)]
    assert not (store / "DELETE").exists()


def test_an_older_version_that_does_not_hold_them_stays(store, refs):
    said = leaving.forget(refs("shared,p44"), store)  # came with the second load
    assert said.startswith("1 journey went")
    assert len(versions_in(store)) == 2
    assert "Versions that held them are deleted: 1" in said


def test_the_list_is_private_and_holds_no_reference(store, refs, tmp_path):
    leaving.forget(refs("shared,p3"), store)
    file = tmp_path / "store.forgotten"
    assert "p3" not in file.read_text() and "shared" not in file.read_text()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)
        with pytest.raises(ValueError, match="can be read by others"):
            build.load([tmp_path / "north"], store)


def test_another_key_cannot_bring_them_back(store, refs, tmp_path, monkeypatch):
    leaving.forget(refs("shared,p3"), store)
    monkeypatch.setenv("JOURNEYS_KEY", "another key of many letters")
    with pytest.raises(build.LoadError, match="forgotten under another client key"):
        build.load([tmp_path / name for name in ("north", "south", "west")], store)
    with pytest.raises(build.LoadError, match="client key differs"):
        leaving.forget(refs("shared,p4"), store)


NORTH = "service_id,client_ref\n"
REFUSED = {
    "no column of references": ("client_ref\nsecret-7\n", "row 1: the first row must name the columns"),
    "between tabulators": ("client_key\tclient_ref\nnorth\tsecret-7\n", "row 1: the first row must name the columns"),
    "a column named twice": ("client_ref,service_id,Client_Ref\np1,north,secret-7\n", "row 1: a column is named twice"),
    "nobody": (NORTH + "\n,\n", "it names nobody"),
    "nothing at all": ("", "row 1: the first row must name the columns"),
    "whose reference": ("client_key,service_id,client_ref\n,,secret-7\n", "row 2: give a client_ref"),
    "no reference": (NORTH + "north,p1\nsecret-7,\n", "row 3: give a client_ref"),
    "a mark that is not closed": (NORTH + 'north,p1\nnorth,"secret-7\nnorth,p2\n', "row 3: a quotation mark is not closed"),
    "a mark closed rows later": (NORTH + 'north,"secret-7\nnorth,p2\nnorth,p3"\n', "row 2: .*such a client_ref: it must be a text in one line"),
    "text behind a mark": (NORTH + 'north,"secret-7" p1\n', "row 2: a quotation mark is not closed, text follows"),
    "a mark before many rows": (NORTH + 'north,"secret-7\n' + "north,p2\n" * 20_000, "row 2: a quotation mark"),
    "too many cells": ("client_ref,service_id\np1,north\nsecret-7, junior,north\n", "row 3: it has 3 cells and the first row has 2"),
    "too few cells": ("client_ref,service_id,note\nsecret-7,north\n", "row 2: it has 2 cells and the first row has 3"),
    "another separator further on": ("client_ref;service_id\nsecret-7,north\n", "row 2: it has 1 cell"),
    "an endless cell": (NORTH + "north,secret-7" + "x" * 200_000, "row 2: a quotation mark is not closed, .* or a cell is far too long"),
    "a long cell": (NORTH + "north,secret-7" + "x" * 200, "row 2: no service can have such a client_ref: it must be at most 200"),
    "a long service": (NORTH + "secret-7" + "x" * 64 + ",p1", "row 2: no service can have such a service_id: it must be at most 64"),
    "a letter that is not seen": (NORTH + "north,secret-7\u200d1\n", "row 2: no service can have such a client_ref"),
    "a zero byte": (NORTH + "north,secret-7\x001\n", "row 2: no service can have such a client_ref"),
    "a word for none": (NORTH + "north,p1\nnorth,n/a\n", "row 3: no service can have such a client_ref: it must be a reference"),
    "the error of a formula": ("client_key,client_ref\n#N/A,secret-7\n", "row 2: no service can have such a client_key"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_a_list_that_is_not_understood_is_refused_whole_without_printing_it(store, tmp_path, words, said):
    """Read with a row fewer, or a name in another column, somebody would stay whom a command said was forgotten."""
    (tmp_path / "refs.csv").write_text(words, encoding="utf-8", newline="")
    for change in (leaving.forget, leaving.undo):
        with pytest.raises(build.LoadError, match=said) as wrong:
            change(tmp_path / "refs.csv", store)
        assert "secret-7" not in str(wrong.value)
        assert len(str(wrong.value)) < 400
        assert str(wrong.value).endswith(" Nothing was changed.")
    assert len(versions_in(store)) == 2
    assert not (tmp_path / "store.forgotten").exists()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_a_list_in_other_letters_is_refused(store, tmp_path, encoding):
    (tmp_path / "refs.csv").write_text(NORTH + "north,caf\u00e9\n", encoding=encoding)
    with pytest.raises(build.LoadError, match=r"it is not UTF-8 text: save it as CSV UTF-8|the first row must name"):
        leaving.forget(tmp_path / "refs.csv", store)


@pytest.mark.parametrize("ref", ["-", "0", "TBC", "n/a"])
def test_a_word_for_none_names_whom_an_old_store_holds_under_it(tmp_path, refs, ref):
    """Before such references were refused they made one person of many; they must be able to go."""
    small.whole(tmp_path / "north", 40, client_key="shared")
    file = tmp_path / "north" / "journey.csv"
    words = file.read_text(encoding="utf-8")
    assert ",p3," in words
    file.write_text(words.replace(",p3,", f",{ref},").replace(",p4,", f",{ref},"), encoding="utf-8")
    store = tmp_path / "store"
    with pytest.MonkeyPatch.context() as before:
        before.setattr(checks, "is_no_reference", lambda name, value: "false")
        build.load([tmp_path / "north"], store)
    held = journeys_by_service(store)["north"]
    if ref != "0":
        with pytest.raises(build.LoadError, match=r"row 2: no service can have such a client_ref: .* nobody is held"):
            leaving.forget(refs(f"another key,{ref}"), store)
    said = leaving.forget(refs("shared,p5", f"shared,{ref}"), store)
    assert said.startswith("3 journeys went. 2 people are")
    assert journeys_by_service(store)["north"] == held - 3
    assert leaving.forget(refs(f"shared,{ref}"), store).startswith("0 journeys went")  # on the list by now
    assert leaving.undo(refs(f"shared,{ref}"), store).startswith("The person was")


READ = {
    "a mark at the start, semicolons, capitals": "\ufeffClient_Key;CLIENT_REF\nshared;p3\n",
    "blank lines": "\n\nclient_key,client_ref\n\n  \n,\nshared,p3\n\n",
    "lines of Windows": "client_key,client_ref\r\nshared,p3\r\n",
    "lines of an old Mac": "client_key,client_ref\rshared,p3\r",
    "quotation marks": '"client_key","client_ref"\n"shared","p3"\n',
    "blanks around": " client_key , client_ref \n shared ,\u00a0p3\u200b\n",
    "somebody twice": "client_key,client_ref\nshared,p3\nshared,p3\n",
    "another column": "name of list,client_ref,client_key\nMay,p3,shared\n",
    "no end of the line": "client_key,client_ref\nshared,p3",
}


@pytest.mark.parametrize("words", READ.values(), ids=READ)
def test_a_list_is_read_as_programs_write_it(tmp_path, words):
    file = tmp_path / "refs.csv"
    file.write_text(words, encoding="utf-8", newline="")
    assert forgotten.references(file) == [forgotten.Reference("shared", None, "p3")]


def test_cells_may_hold_marks_and_separators(tmp_path):
    file = tmp_path / "refs.csv"
    file.write_text('client_key,client_ref\n"a, b","say ""p"""\nshared,5\'11"\n', encoding="utf-8")
    assert [one.client_ref for one in forgotten.references(file)] == ['say "p"', "5'11\""]


def test_a_store_that_is_not_there(tmp_path, refs):
    for leave in (lambda: leaving.remove(["a"], tmp_path / "no"), lambda: leaving.forget(refs("a,b"), tmp_path / "no")):
        with pytest.raises(StoreError, match="There is no store"):
            leave()
    assert not (tmp_path / "no").exists()
