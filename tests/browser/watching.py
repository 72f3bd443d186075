"""Watches a browser while it is used, and remembers what no page of Towpath may do. What pages show is not here."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

NOT_LOADED = "Failed to load resource: the server responded with a status of 4"
TELL_VIOLATIONS = (
    "addEventListener('securitypolicyviolation', "
    "(event) => console.error(`against the policy: ${event.violatedDirective} ${event.blockedURI}`))"
)


class Watch:
    """What one browser context did that it may not; `problems` is to stay empty."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.site = site
        self.problems: list[str] = []
        self.refused: set[str] = set()
        """Addresses of pages that were answered with a refusal in words, which browsers also call an error."""
        context.add_init_script(TELL_VIOLATIONS)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", self._broke)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(f"{self.site}/"):
            self.problems.append(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"answered {response.status}: {response.url}")
        elif response.status >= 400 and response.request.is_navigation_request():
            self.refused.add(response.url)
        elif response.status >= 400:
            self.problems.append(f"not found or refused ({response.status}): {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        is_refusal = message.text.startswith(NOT_LOADED) and message.location["url"] in self.refused
        if message.type in {"error", "warning"} and not is_refusal:
            self.problems.append(f"console {message.type}: {message.text} at {message.location['url']}")

    def _broke(self, error: WebError) -> None:
        self.problems.append(f"script broke: {error.error}")
