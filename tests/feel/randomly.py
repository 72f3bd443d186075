"""Random FEEL values, and how many of them a law is tried with. No laws are here."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from service.feel import YearsMonthsDuration

TIMES_AS_MANY = int(os.environ.get("TOWPATH_TEST_LAWS", "1"))
"""How many times as many examples as usual; with more than once, they are others in every run."""


def laws(examples):
    """Settings of a law: the same examples in every run, and no clock."""
    return settings(
        max_examples=examples * TIMES_AS_MANY, deadline=None, derandomize=TIMES_AS_MANY == 1, database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip


NUMBERS = st.decimals(-(10**6), 10**6, places=2) | st.integers(-20, 20).map(Decimal)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from('"\\\n\t𝕏é'), max_size=6)
BOOLEANS = st.booleans()
DATES = st.dates(date(1990, 1, 1), date(2040, 12, 31))
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.times().map(lambda t: t.replace(microsecond=0))
AWARE_TIMES = st.builds(lambda t, zone: t.replace(microsecond=0, tzinfo=zone), st.times(), OFFSETS)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2040, 12, 31)).map(lambda m: m.replace(microsecond=0))
AWARE_MOMENTS = st.builds(lambda m, zone: m.replace(tzinfo=zone), MOMENTS, OFFSETS)
LENGTHS = st.timedeltas(timedelta(days=-400), timedelta(days=400)).map(
    lambda d: timedelta(seconds=d // timedelta(seconds=1))
)
MONTHS = st.integers(-600, 600).map(YearsMonthsDuration)
ORDERED_KINDS = (NUMBERS, TEXTS, DATES, TIMES, AWARE_TIMES, MOMENTS, AWARE_MOMENTS, LENGTHS, MONTHS)
ATOMS = st.one_of(st.none(), BOOLEANS, *ORDERED_KINDS)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
    max_leaves=5,
)
