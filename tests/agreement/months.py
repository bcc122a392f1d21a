"""Months, quarters and financial years as text, and the day on which a horizon has passed, for the plain implementation."""

from datetime import date, timedelta

from codes import HORIZONS


def month_of(on):
    return f"{on.year:04}-{on.month:02}"


def quarter_of(month):
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def financial_year_of(month):
    year = int(month[:4]) - (int(month[5:]) < 4)
    return f"{year}/{(year + 1) % 100:02}"


def later_month(month, n):
    """The month `n` months later; earlier if n is negative."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + n
    return f"{number // 12:04}-{number % 12 + 1:02}"


def first_day(month):
    return date(int(month[:4]), int(month[5:]), 1)


def last_day(month):
    return first_day(later_month(month, 1)) - timedelta(days=1)


def between(first, last):
    """Every month from one to another, both included; none if the first is later."""
    months = []
    while first <= last:
        months.append(first)
        first = later_month(first, 1)
    return months


def cut(data_to, horizon):
    """The last day since which the horizon has passed, moved so that it tells no date to within a week.

    It divides a month of dates in two. An earlier piece of under eight days (an event known to lie beyond the horizon tells
    one day more) or a later one of under seven is avoided by an earlier cut: nobody is said to have had a time that has not
    passed.
    """
    day = data_to - timedelta(days=horizon)
    left = last_day(month_of(day)).day - day.day
    if day.day < 8:
        return day - timedelta(days=day.day)
    return day - timedelta(days=7 - left) if 0 < left < 7 else day


def time_possible(referred_on, data_to):
    """The largest horizon that has passed since a referral, 0 if none has."""
    return max((horizon for horizon in HORIZONS if referred_on <= cut(data_to, horizon)), default=0)
