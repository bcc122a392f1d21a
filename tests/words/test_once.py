"""The number once: a sentence below its heading leaves out what the heading says, and nothing else."""

import pytest

from journeys.words import once


@pytest.mark.parametrize(
    "heading, sentence, said",
    [
        (
            "None of these shares can be compared",
            "None of these shares can be compared: not recorded on one side or both.",
            "Not recorded on one side or both.",
        ),
        (
            "27% climbed within 12 months",
            "Of those referred in 2024, about 30 of about 110 referrals (27%, likely 20% to 36%) climbed within 12 months.",
            "Of those referred in 2024, about 30 of about 110 referrals (likely 20% to 36%) climbed within 12 months.",
        ),
        (
            "41.2% were referred for debt",
            "About 500 referrals: the largest groups were referred for debt (41.2%, about 210) and home (27%, about 140).",
            "About 500 referrals: the largest groups were referred for debt (about 210) and home (27%, about 140).",
        ),
        (
            "31% moved up",
            "About 310 (31%) moved up, about 690 (69%) stayed.",
            "About 310 moved up, about 690 (69%) stayed.",
        ),
        (
            "An estimated 2.2% had reached work by 12 months",
            "Of those referred in 2024, an estimated 2.2%, likely 1.9% to 2.5%, had reached work by 12 months.",
            "Of those referred in 2024, likely 1.9% to 2.5% had reached work by 12 months.",
        ),
        (
            "About 805 referrals were made in April 2024: higher since January 2024",
            "About 805 referrals were made in April 2024; higher since January 2024: about 830 a month, about 670 before.",
            "Higher since January 2024: about 830 a month, about 670 before.",
        ),
        ("About 805 people were referred in 2024/25", "About 805 people were referred in 2024/25.", ""),
        ("No clear difference in any of 8 shares", "No clear difference in any of 8 shares.", ""),
        (
            "Higher for 2024/25 than for 2023/24: found work",
            "Higher for 2024/25 than for 2023/24: found work. No clear difference in 7 of 8 shares.",
            "No clear difference in 7 of 8 shares.",
        ),
        (
            "About 70 contacts were by telephone in 2024/25",
            "In 2024/25, about 70 contacts were by telephone. The table has the others.",
            "",
        ),
        (
            "Referrals: female (about 80), male (about 50)",
            "The largest groups are female (about 80), male (about 50) and other (about 10).",
            "The largest groups are female (about 80), male (about 50) and other (about 10).",
        ),
        (
            "Referrals: female (about 80), male (about 50)",
            "The largest groups are female (about 80) and male (about 50).",
            "The largest groups are female and male.",
        ),
        (
            "About 30 outcomes were recorded as training",
            "The largest groups were recorded as training (about 30), volunteering (about 30) and job kept (about 30).",
            "The largest groups were recorded as training (about 30), volunteering (about 30) and job kept (about 30).",
        ),
        (
            "Between about 445 and about 7,365 referrals were made across 8 services",
            "Across 8 services, between about 445 and about 7,365 referrals were made in 2024/25; 5 are not compared.",
            "5 are not compared.",
        ),
        (
            "Between about 445 and about 7,365 referrals were made across 8 services",
            "Across 8 services, between about 445 and about 7,365 referrals were made in April 2021 to March 2026.",
            "",
        ),
        (
            "Who comes back: hidden",
            "Too few people here, or too few left out; choose something wider.",
            "Too few people here, or too few left out.",
        ),
        (
            "About 90 had been waiting for over 90 days",
            "The largest groups had been waiting for under 28 days (about 150) and over 90 days (about 90).",
            "The largest groups had been waiting for under 28 days (about 150) and over 90 days (about 90).",
        ),
        (
            "Barriers gone: too few people here, or too few left out",
            "Too few people here, or too few left out; choose something wider.",
            "",
        ),
        (
            "Not recorded here, which is not the same as none",
            "This service does not record goals; not recorded is not the same as none.",
            "This service does not record goals.",
        ),
        (
            "About 65 referrals were made in January to March 2026: nothing unusual",
            "About 65 referrals were made in January to March 2026 to Corner Centre (North); no more than the usual variation.",
            "Corner Centre (North): no more than the usual variation.",
        ),
        (
            "About 450 people were referred in 2025: higher since 2024",
            "About 450 people were referred in 2025 (gender: female); higher since 2024: about 470 a year, about 375 before.",
            "Gender: female: higher since 2024: about 470 a year, about 375 before.",
        ),
        (
            "About 50 referrals were made in July 2024",
            "About 50 referrals were made in July 2024 to Living Well (people out of work at referral; gender: female); too few people in 18 of 20 months.",
            "Living Well (people out of work at referral; gender: female): too few people in 18 of 20 months.",
        ),
        (
            "About 140 people were referred in 2025",
            "About 140 people were referred in 2025 to Living Well (people out of work at referral; gender: female).",
            "",
        ),
        (
            "Between about 30 and about 685 referrals were made across 7 services",
            "Across 7 services, between about 30 and about 685 referrals were made in 2025 (age: 50 to 64; gender: female); too few people in 1 of 8 services.",
            "Too few people in 1 of 8 services.",
        ),
        (
            "Wellbeing: +1.2 on average, of about 60 pairs",
            "The average went from 18.5 to 19.7, a change of +1.2 (likely +1.1 to +1.3).",
            "The average went from 18.5 to 19.7, likely a change of +1.1 to +1.3.",
        ),
    ],
)
def test_what_the_heading_says_is_not_said_again(heading, sentence, said):
    assert once.below(heading, sentence) == said


@pytest.mark.parametrize(
    "sentence",
    [
        "Between 27% (likely 20% to 36%) and 45% (likely 41% to 48%) climbed.",  # an end of a range is no repetition
        "About 30 of about 110 referrals (26%, likely 20% to 27%) climbed.",
        "Fewer than 8 of about 110 referrals (under 27%) climbed.",
    ],
)
def test_other_figures_stay(sentence):
    assert once.below("27% climbed", sentence) == sentence
    assert once.below("", sentence) == sentence
