"""The three bases of a selection: who is counted, in the words that sentences, captions, cards and choices need."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Base:
    """`short` stands on a card, `people` in a caption, `choice` in a list to choose from, `of` behind a unit in a sentence."""

    short: str
    people: str
    choice: str
    of: str


BASES: Mapping[str, Base] = {
    "all": Base("everyone", "everyone referred", "Everyone referred", ""),
    "working_age": Base("working age", "people of working age", "Working age (16 to 64)", "of people of working age"),
    "out_of_work": Base(
        "out of work at referral",
        "people out of work at referral",
        "Out of work at referral",
        "of people out of work at referral",
    ),
}
