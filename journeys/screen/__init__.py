"""The door between pages and Streamlit, and all that pages import of the screen: `frame` opens a page and returns its selection,
`panel` shows one metric from one Released, the others are the sections of a page.

Only this room knows Streamlit.
"""

from journeys.screen.counted import how_counted
from journeys.screen.folds import fold
from journeys.screen.frame import frame, section
from journeys.screen.panel import panel, spiral, three_bases
from journeys.screen.sections.board import board
from journeys.screen.sections.comparison import differences, second, side_by_side
from journeys.screen.sections.definitions import colours, definitions, marks, protection, terms, thresholds
from journeys.screen.sections.enablers import what_it_takes
from journeys.screen.sections.equity import groups
from journeys.screen.sections.evidence import evidence_panels as evidence
from journeys.screen.sections.handover import data_page
from journeys.screen.sections.measures import services_by_measures
from journeys.screen.sections.quality import quality_loads, quality_records, quality_rules
from journeys.screen.sections.service_page import service_page
from journeys.screen.sections.services import on_its_base, out_of_work, service_against, service_context
from journeys.screen.sections.work import (
    first_jobs,
    good_work,
    job_at_referral,
    whose_jobs_were_kept,
    why_work,
    working_age_beside,
)
from journeys.screen.tour import BOARD

__all__ = [
    "BOARD",
    "board",
    "colours",
    "data_page",
    "definitions",
    "differences",
    "evidence",
    "first_jobs",
    "fold",
    "frame",
    "good_work",
    "groups",
    "how_counted",
    "job_at_referral",
    "marks",
    "on_its_base",
    "out_of_work",
    "panel",
    "protection",
    "quality_loads",
    "quality_records",
    "quality_rules",
    "second",
    "section",
    "service_against",
    "service_context",
    "service_page",
    "services_by_measures",
    "side_by_side",
    "spiral",
    "terms",
    "three_bases",
    "thresholds",
    "what_it_takes",
    "whose_jobs_were_kept",
    "why_work",
    "working_age_beside",
]
