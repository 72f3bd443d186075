"""Tokens and the door: what is kept of a token, and that nobody is served whom nobody could identify."""

from __future__ import annotations

import pytest

from service.access.identity import NoIdentityProvider, check_sign_in_possible, new_token, token_digest


def test_a_token_is_never_made_twice_and_says_what_it_is() -> None:
    assert len({new_token() for _ in range(50)}) == 50
    assert new_token().startswith("towpath_")


def test_what_is_kept_of_a_token_is_not_the_token() -> None:
    token = new_token()
    assert token_digest(token) == token_digest(token)
    assert token not in token_digest(token)


def test_the_demo_is_served_without_an_identity_provider() -> None:
    check_sign_in_possible(demo=True, identity_provider=None)


def test_real_cases_are_not_served_without_an_identity_provider() -> None:
    with pytest.raises(NoIdentityProvider, match="TOWPATH_IDENTITY_PROVIDER"):
        check_sign_in_possible(demo=False, identity_provider=None)


@pytest.mark.parametrize("demo", [True, False])
def test_a_provider_that_is_not_understood_opens_no_door(demo: bool) -> None:
    with pytest.raises(NoIdentityProvider, match="cannot be used"):
        check_sign_in_possible(demo=demo, identity_provider="https://login.example")
