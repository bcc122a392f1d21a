"""The definitions page: every metric as its file says it, the rules of disclosure, and the words used."""

import streamlit as st

from journeys import look, metrics, panels, wording
from journeys.metrics import Metric


def definitions() -> None:
    """Every metric of the catalogue, searchable, each with its definition."""
    wanted = (
        st.text_input("Find a definition", key="find-definition", placeholder="work, goal, reason …").strip().lower()
    )
    found = [m for m in metrics.catalogue().values() if _matches(m, wanted)]
    st.caption(f"{len(found)} of {len(metrics.catalogue())} definitions")
    for metric in found:
        with st.container(border=True, key=f"definition-{metric.slug}"):
            st.header(metric.title, anchor=metric.slug)
            panels.define(metric)


def _matches(metric: Metric, wanted: str) -> bool:
    return wanted in f"{metric.slug} {metric.title} {metric.why} {metric.numerator} {metric.denominator}".lower()


def marks() -> None:
    """The four marks and what each means."""
    rows = "".join(f'<tr><th scope="row">{m}</th><td>{look.text(w)}</td></tr>' for m, w in wording.MARKS.items())
    st.html(
        f'<div class="table-box"><table><caption>Marks in place of a number</caption><tbody>{rows}</tbody></table></div>'
    )
