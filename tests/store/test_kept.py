"""Answers kept beside their version: the same as anew, for their owner alone, gone with their version, and never a reason to fail."""

import contextlib
import os
import resource
import shutil
import stat
import threading
from contextlib import closing

import duckdb
import pytest
import small

from journeys import Selection
from journeys.answer import written
from journeys.store import build, kept, leaving, versions
from journeys.store.folder import answers_of, current_version, file_of, versions_in
from journeys.store.kept import KeptAnswers
from journeys.store.opened import open_store
from journeys.vocabulary import metrics

EVERYBODY = Selection()
SOME = Selection(period="last-4-quarters", base="out_of_work", cohort={"gender": "female"}, within=6)


@pytest.fixture
def store(made, tmp_path):
    """A copy of it, open."""
    with closing(open_store(shutil.copytree(made, tmp_path / "store"))) as opened:
        yield opened


@contextlib.contextmanager
def without_questions(store, monkeypatch):
    """A store that can be asked nothing: whatever comes was kept."""
    with monkeypatch.context() as patch:
        patch.setattr(store, "ask", lambda *question, **more: pytest.fail(f"{question} was asked anew"))
        yield


def files(store):
    place = answers_of(store.folder, store.version)
    return sorted(place.iterdir()) if place.is_dir() else []


def referrals(store):
    return KeptAnswers(store).ask("referrals", EVERYBODY, ("service",))


# --- the same -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", metrics.catalogue())
def test_an_answer_is_the_same_from_the_folder_and_anew(made, slug):
    """Every metric by service with its funnel and case mix, and over time with its breaks: field by field and type by type."""
    with closing(open_store(made)) as store:
        metric = metrics.get(slug)
        places = () if "service" in metric.labels else ("service",)
        with_case_mix = metric.shape == "proportion" and not metric.labels
        for selection, by, case_mix in ((EVERYBODY, places, with_case_mix), (SOME, ("quarter",), False)):
            anew = store.ask(slug, selection, by, case_mix=case_mix)
            again = written.read(written.text(anew))
            assert again == anew
            assert repr(again) == repr(anew)
            assert again.to_json() == anew.to_json()


def test_a_second_process_takes_what_the_first_one_kept(store, monkeypatch):
    first = KeptAnswers(store).ask("found_work", SOME, ("quarter",))
    with closing(open_store(store.folder)) as other, without_questions(other, monkeypatch):
        assert KeptAnswers(other).ask("found_work", SOME, ("quarter",)) == first


@pytest.mark.parametrize(
    "other",
    [
        ("found_work", EVERYBODY, (), False), ("found_work", SOME, ("service",), False), ("volunteering", SOME, (), False),
        ("found_work", SOME.but(within=12), (), False), ("found_work", EVERYBODY, ("service",), True),
    ],
)  # fmt: skip
def test_another_question_has_another_answer(store, other):
    *question, case_mix = other
    KeptAnswers(store).ask("found_work", SOME, ())
    KeptAnswers(store).ask("found_work", EVERYBODY, ("service",))
    assert KeptAnswers(store).ask(*question, case_mix=case_mix) == store.ask(*question, case_mix=case_mix)


def test_what_answers_are_made_by_makes_new_answers(store, monkeypatch):
    referrals(store)
    monkeypatch.setattr(kept, "MAKERS", "another state")
    monkeypatch.setattr(store, "ask", lambda *question, **more: "anew")
    monkeypatch.setattr(written, "text", str)
    assert referrals(store) == "anew"


@pytest.mark.parametrize("part", kept.MADE_BY)
def test_a_change_of_any_part_is_another_state(tmp_path, part):
    for name in kept.MADE_BY:
        source, copy = kept.ROOT / name, tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy) if source.is_file() else shutil.copytree(source, copy)
    assert kept.fingerprint(tmp_path) == kept.MAKERS
    changed = next(
        one
        for one in (tmp_path / part, *sorted((tmp_path / part).rglob("*")))
        if one.is_file() and one.suffix in kept.SUFFIXES
    )
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert kept.fingerprint(tmp_path) != kept.MAKERS


# --- for its owner alone, and never a reason to fail ------------------------------------------------------------------------


def test_only_the_owner_can_read_them(store):
    was = os.umask(0)
    try:
        referrals(store)
    finally:
        os.umask(was)
    (file,) = files(store)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def cut(body, seal):
    return body[:-20]


def emptied(body, seal):
    return b""


def with_one_figure_changed(body, seal):
    return body.replace(b'"shown"', b'"hidden"', 1)


def of_another_question(body, seal):
    return seal(body.split(b"\n", 1)[1].replace(b'"referrals"', b'"goals_set"', 1))


def of_another_form(body, seal):
    return seal(body.split(b"\n", 2)[1] + b'\n{"shape":"count"}')


@pytest.mark.parametrize("damage", [cut, emptied, with_one_figure_changed, of_another_question, of_another_form])
def test_a_damaged_entry_is_as_good_as_none_and_is_mended(store, damage, monkeypatch):
    anew = referrals(store)
    (file,) = files(store)
    whole = file.read_bytes()
    file.write_bytes(damage(whole, lambda body: kept.sha256(body).hexdigest().encode() + b"\n" + body))
    assert file.read_bytes() != whole
    assert referrals(store) == anew
    assert file.read_bytes() == whole


def test_a_full_disk_keeps_nothing_and_says_nothing(store):
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, was[1]))
    try:
        assert referrals(store) == store.ask("referrals", EVERYBODY, ("service",))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
    assert files(store) == []


def test_a_folder_that_cannot_be_written_to_keeps_nothing(store):
    answers_of(store.folder, store.version).write_bytes(b"")  # in the place of the folder
    assert referrals(store) == store.ask("referrals", EVERYBODY, ("service",))
    assert answers_of(store.folder, store.version).read_bytes() == b""


def test_two_writers_of_one_answer_leave_a_whole_one(store):
    answer, seen = referrals(store), []
    (file,) = files(store)
    body = file.read_bytes()

    def write():
        for _ in range(200):
            kept._write(file, body)

    def read():
        seen.extend(file.read_bytes() == body for _ in range(200))

    both = [threading.Thread(target=work) for work in (write, write, read, read)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(seen) == 400 and all(seen)
    assert files(store) == [file] and referrals(store) == answer


def test_the_oldest_go_where_there_are_too_many(store, monkeypatch):
    monkeypatch.setattr(kept, "MOST_BYTES", 20_000)
    by = [(), ("quarter",), ("service",), ("gender",), ("month",), ("age_band",), ("financial_year",), ("model",)]
    one = KeptAnswers(store)
    for second, question in enumerate(by * 2):
        one.ask("referrals" if second < len(by) else "found_work", EVERYBODY, question)
        for file in files(store):
            os.utime(file, ns=(file.stat().st_mtime_ns,) * 2)
    sizes = [file.stat().st_size for file in files(store)]
    assert sum(sizes) <= 20_000 and len(sizes) < 2 * len(by)
    assert kept._read(next(iter(_newest(store))), _key_of(next(iter(_newest(store))))) is not None


def _newest(store):
    return sorted(files(store), key=lambda file: file.stat().st_mtime_ns, reverse=True)


def _key_of(file):
    return file.read_bytes().split(b"\n")[1].decode()


# --- gone with their version -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made_of_two(tmp_path_factory):
    """A folder with a store of two services, loaded twice, with answers kept of both versions."""
    folder = tmp_path_factory.mktemp("two")
    for name, n in (("north", 40), ("more", 45)):
        small.whole(folder / name, n, client_key="shared")
    small.whole(folder / "south", 20, "south", client_key="shared")
    with pytest.MonkeyPatch.context() as settings:
        settings.delenv("JOURNEYS_KEY", raising=False)
        build.load([folder / "north", folder / "south"], folder / "store")
        keep_one(folder / "store")
        build.load([folder / "more"], folder / "store")
        keep_one(folder / "store")
    return folder


@pytest.fixture
def two(made_of_two, tmp_path):
    """A copy of that store to change, with its key and its deliveries."""
    shutil.copytree(made_of_two, tmp_path, dirs_exist_ok=True)
    return tmp_path / "store"


def keep_one(folder):
    with closing(open_store(folder)) as store:
        referrals(store)
        assert len(files(store)) == 1


def kept_versions(folder):
    return sorted(place.name.removeprefix("answers-") for place in folder.glob("answers-*"))


def test_what_was_rolled_back_goes_with_its_version(two, tmp_path):
    gone = current_version(two)
    versions.rollback(two)
    build.load([tmp_path / "more"], two)
    assert gone not in versions_in(two)
    assert kept_versions(two) == versions_in(two)  # the new one was asked again what was asked before


def test_the_oldest_version_takes_its_answers_along(two, tmp_path):
    first = versions_in(two)[0]
    for n in range(46, 45 + versions.KEPT):
        build.load([small.whole(tmp_path / f"north-{n}", n, client_key="shared")], two)
    assert first not in versions_in(two)
    assert kept_versions(two) == versions_in(two)  # each was asked again what was asked of the one before


def test_before_a_load_is_shown_it_is_asked_what_was_asked_before(two, tmp_path, monkeypatch):
    asked = []
    with closing(open_store(two)) as store:
        KeptAnswers(store).ask("found_work", SOME, ("quarter",))
        KeptAnswers(store).ask("referrals", EVERYBODY.but(service="south"), ())
        (answers_of(two, store.version) / "broken.json").write_text("no question", encoding="utf-8")
        before = store.version
    with monkeypatch.context() as patch:
        ask = kept.KeptAnswers.ask
        patch.setattr(
            kept.KeptAnswers,
            "ask",
            lambda self, *one, **more: asked.append(current_version(two)) or ask(self, *one, **more),
        )
        build.load(
            [small.whole(tmp_path / "late", 47, service_id="north", client_key="shared", replaces="south")],
            two,
            is_meant=True,
        )
    assert asked == [before] * 3  # nobody was shown the new version yet
    with closing(open_store(two)) as store:
        assert store.version != before
        assert len(files(store)) == 2  # of the service that is gone there is no answer
        anew = store.ask("found_work", SOME, ("quarter",))
        with without_questions(store, monkeypatch):
            assert {row.labels["service"] for row in referrals(store).rows} == {"north"}
            assert KeptAnswers(store).ask("found_work", SOME, ("quarter",)) == anew


@pytest.mark.parametrize("kept_once", ["3", "null", '["v", "referrals"]', '["v", "gone", {}, [], false, 8]', '["v", [], {"n": 1}, 2, 3]'])  # fmt: skip
def test_what_is_kept_in_another_form_stops_no_load(two, tmp_path, kept_once):
    """Of another version of this program, or of a hand that wrote into the folder."""
    place = answers_of(two, current_version(two))
    (place / "other.json").write_text(f"seal\n{kept_once}\n{{}}", encoding="utf-8")
    assert build.load([small.whole(tmp_path / "late", 47, client_key="shared")], two).is_done
    with closing(open_store(two)) as store:
        assert len(files(store)) == 1


def test_a_question_that_fails_stops_no_load(two, tmp_path, monkeypatch):
    def too_large(*question, **more):
        raise duckdb.OutOfMemoryException("failed to allocate")

    monkeypatch.setattr(KeptAnswers, "ask", too_large)
    assert build.load([small.whole(tmp_path / "late", 47, client_key="shared")], two).is_done


def test_asking_again_ends(two, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "SECONDS", -1.0)
    build.load([small.whole(tmp_path / "late", 47, client_key="shared")], two)
    with closing(open_store(two)) as store:
        assert files(store) == []


def test_people_who_are_forgotten_are_in_no_answer_of_before(two, tmp_path):
    (tmp_path / "refs.csv").write_text("client_key,client_ref\nshared,p0\n", encoding="utf-8")
    leaving.forget(tmp_path / "refs.csv", two)
    assert kept_versions(two) == []


def test_after_a_service_was_removed_answers_of_the_new_version_are_its_own(two):
    with closing(open_store(two)) as store:
        before = referrals(store)
    leaving.remove(["south"], two)
    with closing(open_store(two)) as store:
        after = referrals(store)
    assert {row.labels["service"] for row in before.rows} == {"north", "south"}
    assert {row.labels["service"] for row in after.rows} == {"north"}


def test_a_dashboard_that_still_reads_a_version_that_went_keeps_nothing_of_it(two):
    with closing(open_store(two)) as store:
        file_of(two, store.version).unlink()
        shutil.rmtree(answers_of(two, store.version))
        assert referrals(store).rows
        assert files(store) == []


def test_what_a_killed_program_left_is_swept(two):
    answers_of(two, "000009-abcdef").mkdir()
    versions.sweep_if_free(two)
    assert kept_versions(two) == versions_in(two)
    assert len(versions_in(two)) == 2
