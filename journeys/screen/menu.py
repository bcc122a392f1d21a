"""The menu: our pages in groups, each link carrying the selection."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlencode, urlsplit

import streamlit as st

from journeys.screen import html

ROOT = Path(__file__).resolve().parents[2]
HOME = "dashboard.py"
ABOUT = "About the figures"


@dataclass(frozen=True)
class Page:
    """One page: its address, what the menu calls it, its icon (Material Symbols)."""

    address: str
    name: str
    icon: str


GROUPS = (
    ("", (Page("", "Board summary", "dashboard"),)),
    (
        "People and outcomes",
        (
            Page("Referrals", "Referrals", "group_add"),
            Page("Goals", "Goals", "flag"),
            Page("Upward_spiral", "Upward spiral", "trending_up"),
            Page("Outcomes", "Outcomes", "school"),
            Page("Wellbeing", "Wellbeing", "favorite"),
            Page("Pathways", "Pathways", "route"),
            Page("Work_that_lasts", "Work that lasts", "work"),
        ),
    ),
    (
        "Services",
        (
            Page("Services", "Services", "storefront"),
            Page("Service", "Service", "home_work"),
            Page("Activity", "Activity", "event_note"),
            Page("Equity", "Equity", "balance"),
            Page("Compare_cohorts", "Compare cohorts", "compare_arrows"),
        ),
    ),
    (
        ABOUT,
        (
            Page("Evidence", "Evidence", "library_books"),
            Page("Data_quality", "Data quality", "fact_check"),
            Page("Definitions", "Definitions", "menu_book"),
            Page("Data", "Data", "upload_file"),
        ),
    ),
)


@cache
def files() -> dict[str, str]:
    """Every page that exists, by its address, in the menu's order; the path is as Streamlit wants it."""
    found = {file.stem.split("_", 1)[1]: f"pages/{file.name}" for file in (ROOT / "pages").glob("[0-9]*_*.py")}
    wanted = [page.address for _, pages in GROUPS for page in pages]
    return {"": HOME} | {address: found[address] for address in wanted if address in found}


def draw(query: dict[str, str | list[str]]) -> None:
    """The menu, in groups; every link carries the selection."""
    with st.container(key="brand"):
        brand = html.tag("p", "Social prescribing", html.tag("span", "Commissioner dashboard"), class_="brand")
        html.show(brand)
    for group, pages in GROUPS:
        there = [page for page in pages if page.address in files()]
        if group and there:
            html.show(html.tag("p", group, class_="menu-group"))
        with st.container(key=f"menu-{group or HOME}", gap=None):
            for page in there:
                icon = f":material/{page.icon}:"
                st.page_link(
                    files()[page.address], label=html.plain(page.name), icon=icon, query_params=query, width="stretch"
                )


def page(address: str) -> Page:
    """The page with that address; LookupError when the menu has none."""
    for _, pages in GROUPS:
        for one in pages:
            if one.address == address:
                return one
    raise LookupError(f"no page {address!r} in the menu")


def meant(url: str) -> str:
    """The page that an address names but for capitals and signs (`/outcomes`, `/upward-spiral`); empty for one of ours, and for one of no page."""
    asked = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    named = {_bare(address): address for address in files() if address}
    return "" if asked in files() else named.get(_bare(asked), "")


def _bare(address: str) -> str:
    return re.sub(r"[\W_]", "", unquote(address)).lower()


def link(address: str, query: dict[str, str | list[str]], panel: str = "") -> str:
    """The address of a page of ours, from another one, with the selection and a panel."""
    return f"{address or './'}?{urlencode(query, doseq=True)}" + (f"#{panel}" if panel else "")
