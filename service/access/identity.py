"""Where an identity comes from: bearer tokens here, people through the configured provider. Sessions are not here."""

from __future__ import annotations

import hashlib
import secrets

from service.domain.errors import ServiceError

PREFIX = "towpath_"
"""Begins every token, so that a leaked one is recognised."""


class NoIdentityProvider(ServiceError):
    """No identity provider is configured, so nobody could sign in. Set TOWPATH_IDENTITY_PROVIDER, or load the demo."""


def new_token() -> str:
    """A fresh bearer token of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a token. Tokens are random and long, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_sign_in_possible(*, demo: bool, identity_provider: str | None) -> None:
    """Refuse to serve when nobody could be identified.

    Raises NoIdentityProvider. The demo signs people in from a list and never counts as an identity provider for real
    cases; a configured provider is not understood before Towpath has one to offer, and says so rather than open a door.
    """
    if identity_provider is not None:
        raise NoIdentityProvider(
            f"The identity provider {identity_provider!r} cannot be used: this version knows none yet. "
            "Unset TOWPATH_IDENTITY_PROVIDER and serve the demo only."
        )
    if not demo:
        raise NoIdentityProvider()
