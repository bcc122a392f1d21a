"""What loading a delivery would change, beside what is held, and what of it must be meant."""

import streamlit as st

from journeys.intake.handover import Checked
from journeys.screen import answers, html
from journeys.store import comparison
from journeys.store.comparison import Comparison
from journeys.words.sentences import upper_first
from journeys.words.tables import Table

MEANT = "upload-meant"
EXACT = (
    "In the delivery: the good rows, counted exactly. Held now: released counts, rounded, small ones hidden. A delivery replaces everything "
    "that a service delivered before, so hand over its whole history."
)


def draw(checked: Checked) -> bool:
    """The comparison and what stops the load; whether the reader says that it is meant."""
    if checked.comparison is None:
        if checked.is_clean:
            with st.container(border=True, key="panel-upload-change"):
                st.header("What loading it would change", anchor="upload-change")
                st.error(html.plain(checked.note), icon=":material/error:")
        return False
    found = comparison.of_json(checked.comparison)
    with st.container(border=True, key="panel-upload-change"):
        st.header("What loading it would change", anchor="upload-change")
        html.answer(_in_words(found))
        rows = tuple(tuple(map(upper_first, comparison.row_words(change))) for change in found.changes)
        header = tuple(map(upper_first, comparison.HEADER))
        html.table(Table(header, rows, 1, ()), "Services of this delivery, before and after", is_wordy=True)
        html.foot([EXACT])
        for note in found.notes:
            st.info(html.plain(upper_first(note)), icon=":material/info:")
        _synthetic(checked)
        return _is_meant(found)


def _in_words(found: Comparison) -> str:
    new = sum(change.is_new for change in found.changes)
    replaced = len(found.changes) - new
    parts = [
        f"{n} {words}"
        for n, words in ((new, f"new {_services(new)}"), (replaced, f"{_services(replaced)} replaced"))
        if n
    ]
    if not found.n_kept:
        return f"{' and '.join(parts)}."
    stays = "stays as it is" if found.n_kept == 1 else "stay as they are"
    return f"{' and '.join(parts)}; the {found.n_kept} other {_services(found.n_kept)} in the store {stays}."


def _services(n: int) -> str:
    return "service" if n == 1 else "services"


def _synthetic(checked: Checked) -> None:
    store = answers.store()
    others = [one for one in store.lists.services if one not in {service.service_id for service in checked.services}]
    if store.is_synthetic and not checked.is_synthetic and others:
        st.warning(
            f"The store holds {len(others)} other services and is marked as synthetic, which stays so while synthetic ones are among them. "
            "For real data, start with a store of its own: set `JOURNEYS_STORE` to an empty folder.",
            icon=":material/science:",
        )


def _is_meant(found: Comparison) -> bool:
    """The reasons to stop, and the box that says that all of them are meant."""
    if not found.stops:
        return False
    names = {change.service_id: change.name for change in found.changes}
    with st.container(border=True, key="upload-stops"):
        st.error(
            "**Stopped:** loading this would lose what is held, or leave much of the delivery out. Look at each of these before you go on.",
            icon=":material/front_hand:",
        )
        html.show(html.bullets(upper_first(_named(stop, names)) for stop in found.stops))
        return st.checkbox("This is meant: load it all the same", key=MEANT)


def _named(stop: str, names: dict[str, str]) -> str:
    service, _, words = stop.partition(": ")
    return f"{names.get(service, service)}: {words}"
