"""Versions as HTTP carries them."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from service.web.api.versions import etag_of, version_asked, version_required


@pytest.mark.parametrize("version", [0, 1, 10**17])
def test_an_etag_comes_back_as_the_version_it_was(version: int) -> None:
    assert version_required(etag_of(version)) == version


def test_a_star_asks_for_no_version() -> None:
    assert version_required("*") is None


@pytest.mark.parametrize("header", ["3", 'W/"3"', '"x"', '""', '"1", "2"', '"-1"', '"٣"'])
def test_what_is_no_version_of_ours_matches_none(header: str) -> None:
    with pytest.raises(PreconditionFailed):
        version_asked(header)


def test_a_draft_is_not_saved_over_by_accident() -> None:
    assert version_asked(None) is None
    with pytest.raises(PreconditionRequired):
        version_required(None)
