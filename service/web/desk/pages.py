"""Puts the desk together: its blueprint, templates, assets, headers and protection against forgery. No page is here."""

from __future__ import annotations

from pathlib import Path

import orjson
from flask import Blueprint, Flask, Response, current_app, g, request, url_for
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from service.domain.people import Actor
from service.operations.identity import read_authority
from service.operations.views import AuthorityView
from service.web.desk import cases, pathways, problems, queue, sign_in, tasks, words
from service.web.desk.errors import register_errors, register_unknown_addresses
from service.web.desk.guards import environment
from service.web.desk.markdown import render_markdown

WEB = Path(__file__).resolve().parent.parent
STATIC = WEB / "static"
KNOWN_AUTHORITY = "towpath-known-authority"
"""Where the application keeps the authority that the last page was drawn for."""
SECONDS_IN_A_YEAR = 365 * 24 * 60 * 60
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Desk(Blueprint):
    """The managers' pages. Their assets lie in a folder named after its content, so a browser may keep them."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """How long a browser may keep an asset, in seconds."""
        return SECONDS_IN_A_YEAR if filename and "/" in filename else None


def create_desk() -> Blueprint:
    """A blueprint with every page of the desk, to be registered on an application that `init_desk` was called on."""
    desk = Desk(
        "desk", __name__, template_folder=str(WEB / "templates"), static_folder=str(STATIC), static_url_path="/assets"
    )
    for pages in (sign_in.pages, queue.pages, tasks.pages, cases.pages, pathways.pages, problems.pages):
        desk.register_blueprint(pages)
    register_errors(desk)
    desk.before_request(_refuse_forgery)
    desk.after_request(_keep_out_of_caches)
    return desk


def init_desk(app: Flask) -> None:
    """Give the application what the desk's pages need: component templates, words, forgery tokens and headers."""
    # The forgery check is asked by the desk itself: an API call carries no session, so there is nothing to forge.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    # A token is as good as the session it belongs to; a page left open over lunch must not lose what was typed.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    CSRFProtect(app)
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([loader for loader in (components, app.jinja_loader) if loader is not None])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for name, say in words.FILTERS.items():
        app.jinja_env.filters[name] = say
    app.jinja_env.filters["markdown"] = render_markdown
    app.jinja_env.globals.update(asset=_asset, authority=_authority, known_authority=_known_authority, reader=_reader)
    app.after_request(_add_headers)
    register_unknown_addresses(app)


def _refuse_forgery() -> None:
    """Every post of the desk carries the session's token, or is refused as a CSRFError."""
    if request.routing_exception is None:
        CSRFProtect().protect()


def _keep_out_of_caches(response: Response) -> Response:
    """Pages about children stay out of every cache, the browser's own included."""
    if response.mimetype in {"text/html", "application/json"}:
        response.headers["Cache-Control"] = "no-store"
    return response


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _asset(name: str) -> str:
    """The address of a built asset. Before the assets are built it leads nowhere and the pages are plain."""
    listing = STATIC / "assets.json"
    folder = orjson.loads(listing.read_bytes())["folder"] if listing.is_file() else "not-built"
    return url_for("desk.static", filename=f"{folder}/{name}")


def _authority() -> AuthorityView:
    authority = read_authority(environment())
    current_app.extensions[KNOWN_AUTHORITY] = authority
    return authority


def _known_authority() -> AuthorityView | None:
    """The authority as the last page had it, for the page about an error that asks the database nothing."""
    known: AuthorityView | None = current_app.extensions.get(KNOWN_AUTHORITY)
    return known


def _reader() -> Actor | None:
    """Whoever reads this page, for the header; None on pages that ask nobody to sign in."""
    actor: Actor | None = g.get("reader")
    return actor
