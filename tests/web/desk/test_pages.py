"""Whole pages drawn from invented views: what they say, where they lead, what guards them. No operation runs here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, Response, render_template
from lxml import html

from service.definitions.fields import Field
from service.domain.errors import Conflict, Invalid, NotAllowed, Refusal, Refused
from service.operations.choices import QueueChoices
from service.operations.instance_views import IncidentView
from service.operations.views import (
    AuthorityView,
    CaseIdentity,
    CaseView,
    OversightView,
    QueuePage,
    TaskSummary,
    TaskView,
)
from service.web.desk import create_desk, init_desk
from service.web.desk.errors import page_of_error
from service.web.desk.sign_in import local_path
from service.web.desk.tasks import task_page


def test_the_demonstration_says_so_on_every_page(app: Flask) -> None:
    assert "not an identity check" in text(render_template("desk/problems.html", incidents=()))


def test_outside_the_demonstration_it_says_nothing(app: Flask) -> None:
    app.jinja_env.globals["authority"] = lambda: AuthorityView("Northmere", demo=False)

    assert "Demonstration" not in text(render_template("desk/problems.html", incidents=()))


def test_no_page_carries_a_script_or_a_style_of_its_own(app: Flask) -> None:
    page = html.fromstring(task_page(CLOCK, TASK))

    assert page.xpath("//style | //*[@style] | //script[not(@src)]") == []


def test_an_empty_queue_says_so_in_words(app: Flask) -> None:
    assert "Nothing waits for you" in queue()


def test_a_long_queue_says_that_it_was_not_counted_to_its_end(app: Flask) -> None:
    assert "More than 1,000 user tasks wait for you" in text(queue(SUMMARY, more=1_000))
    assert "At least 1 user task" in text(queue(SUMMARY, more=1, text="visit"))


def test_what_was_asked_stays_in_the_form(app: Flask) -> None:
    asked = {"text": "K-1", "team": "east", "due_after-day": "3"}
    form = html.fromstring(queue(SUMMARY, **asked)).xpath("//form[@role='search']")[0]
    assert asked.items() <= dict(form.form_values()).items()


def test_nothing_found_is_told_apart_from_nothing_waiting(app: Flask) -> None:
    assert "Nothing that you may see waits as you asked" in text(queue(text="zzz"))
    assert "Nothing waits for you" in text(queue(sort="due"))


def test_a_wrong_date_is_named_where_it_was_typed(app: Flask) -> None:
    page = html.fromstring(queue(errors={"due_after": ["Date due from must be real"]}, **{"due_after-day": "40"}))
    [link] = page.xpath("//div[contains(@class, 'error-summary')]//a/@href")
    assert page.get_element_by_id(link.removeprefix("#")).value == "40"


def test_a_task_that_may_not_be_done_gives_the_reason_and_no_link(app: Flask) -> None:
    page = queue(replace(SUMMARY, blocked=OWN_WORK))

    assert "You wrote this" in page
    assert "/tasks/t1" not in page


def test_what_stands_in_the_way_is_said_before_submitting(app: Flask) -> None:
    page = text(task_page(CLOCK, replace(TASK, checklist=(OPEN_INVOLVEMENTS,))))

    assert "2 involvements are open" in page
    assert "Who clears it: the allocated worker" in page
    assert "[Rule: R4, S3 5.2]" in page


def test_a_refusal_keeps_what_was_typed(app: Flask) -> None:
    refused = Refused("complete it", [OPEN_INVOLVEMENTS])
    page = html.fromstring(task_page(CLOCK, replace(TASK, answers={"views": "typed"}), refused))

    assert page.get_element_by_id("views").text == "typed"
    assert "2 involvements are open" in page.find_class("govuk-error-summary")[0].text_content()


def test_every_link_of_an_error_summary_leads_somewhere(app: Flask) -> None:
    errors = Invalid({"views": ["Enter the views"], "gone": ["Not asked"]})
    page = html.fromstring(task_page(CLOCK, TASK, errors))
    links = page.xpath("//div[contains(@class, 'error-summary')]//a/@href")

    assert links == ["#views"]
    assert page.get_element_by_id("views") is not None


def test_a_missing_reason_leads_to_the_box_of_its_refusal(app: Flask) -> None:
    task = replace(TASK, checklist=(OPEN_INVOLVEMENTS, SOFT), overridable=(SOFT,), may=frozenset({"save", "override"}))
    page = html.fromstring(task_page(CLOCK, task, Invalid({"reason": ["Enter the reason"]}), allowing=SOFT.rule))

    assert page.xpath("//div[contains(@class, 'error-summary')]//a/@href") == ["#allow-2-reason"]
    assert page.get_element_by_id("allow-2-reason") is not None


def test_enter_in_a_text_field_saves_a_draft_and_never_signs(app: Flask) -> None:
    page = html.fromstring(task_page(CLOCK, TASK))

    assert page.xpath("//form[@id='task-form']//button/@value")[0] == "save"


def test_a_conflict_says_who_was_first(app: Flask) -> None:
    assert "Team manager saved it first." in text(task_page(CLOCK, TASK, Conflict("Team manager saved it first.")))


def test_a_task_that_may_only_be_read_shows_no_form(app: Flask) -> None:
    task = replace(TASK, may=frozenset(), cannot={"complete": "it no longer waits for anybody"})
    page = html.fromstring(task_page(CLOCK, task))

    assert "because it no longer waits for anybody" in page.text_content()
    assert page.xpath("//textarea") == []


def test_a_cleared_signature_stays_readable(app: Flask) -> None:
    page = case(records=(replace(RECORD, cleared_at=AT, cleared_because="the form was sent back"),))

    assert "Signature cleared" in page
    assert "Attendance is good" in page


@pytest.mark.parametrize(
    ("delivery", "said"),
    [("pending", "Delivery pending"), ("delivered", "Delivered"), ("stuck", "Delivery stuck")],
)
def test_where_a_record_has_got_to_is_said_honestly(app: Flask, delivery: str, said: str) -> None:
    assert said in case(records=(replace(RECORD, delivery=delivery),))


def test_only_what_may_be_retried_has_a_button(app: Flask) -> None:
    assert "Try again" in case(incidents=(INCIDENT,))
    assert "Try again" not in case(incidents=(replace(INCIDENT, may_retry=False),))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotAllowed("sign it", "you wrote it"), 403),
        (Conflict("Team manager completed it first."), 409),
        (Invalid({"after": ["This is not a cursor"]}), 422),
        (RuntimeError("database password is hunter2"), 500),
    ],
)
def test_an_error_becomes_a_page_that_says_what_to_do(app: Flask, error: Exception, status: int) -> None:
    answer = page_of_error(error)

    assert isinstance(answer, Response)
    assert answer.status_code == status
    assert "my queue" in answer.get_data(as_text=True)
    assert "hunter2" not in answer.get_data(as_text=True)


def test_an_error_shows_what_was_typed(app: Flask) -> None:
    with app.test_request_context("/tasks/t1", method="POST", data={"views": "long text", "csrf_token": "secret"}):
        answer = page_of_error(RuntimeError())

    assert "long text" in answer.get_data(as_text=True)
    assert "secret" not in answer.get_data(as_text=True)


def test_a_form_that_is_too_long_is_answered_with_a_page(app: Flask) -> None:
    answer = app.test_client().post("/tasks/t1", data={"views": "x" * app.config["MAX_CONTENT_LENGTH"]})

    assert answer.status_code == 413
    assert "too much to send" in answer.get_data(as_text=True)


def test_every_route_of_the_desk_carries_a_guard(app: Flask) -> None:
    views = {name: view for name, view in app.view_functions.items() if name.startswith("desk.")}
    unguarded = [name for name, view in views.items() if not hasattr(view, "guard")]

    assert unguarded == ["desk.static"]


def test_a_forged_post_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/sign-out")

    assert answer.status_code == 400
    assert "out of date" in answer.get_data(as_text=True)


def test_pages_run_no_script_but_ours_and_stay_out_of_caches(app: Flask) -> None:
    headers = app.test_client().post("/sign-out").headers

    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_an_unknown_address_is_a_page(app: Flask) -> None:
    answer = app.test_client().get("/nowhere")

    assert answer.status_code == 404
    assert "Page not found" in answer.get_data(as_text=True)


@pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "/\\evil.example", "tasks", "", None])
def test_signing_in_never_leads_to_another_site(address: str | None) -> None:
    assert local_path(address) is None


def test_signing_in_leads_back_to_the_page_that_was_asked_for() -> None:
    assert local_path("/tasks/t1?x=1") == "/tasks/t1?x=1"


AT = datetime(2027, 1, 20, 10, 42, tzinfo=UTC)
CASE = CaseIdentity("NM-1", "Child K-101", "open", "9 years", "Children in Need East", None)
SUMMARY = TaskSummary("t1", "Sign it", "sign", "Pathway", CASE, AT, AT, False, "Team manager", None, False)
OWN_WORK = Refusal("R6", "You wrote this", "another team manager")
OPEN_INVOLVEMENTS = Refusal("R4", "2 involvements are open", "the allocated worker", source="S3 5.2")
SOFT = Refusal("R2", "There is no evidence yet", "the worker", "soft", "service-manager")
TASK = TaskView(
    summary=SUMMARY,
    asks="Read it, then sign it.",
    form_id="form",
    form_title="The form",
    fields=(Field("textarea", "v", "views", "The child’s views"),),
    answers={},
    version=0,
    draft=None,
    checklist=(),
    overridable=(),
    records=(),
    may=frozenset({"save", "complete"}),
)
RECORD = OversightView(
    "OR-1", "Close it", "Team manager", "yes", "Agreed", "TM", AT, (("Reason", "Attendance is good"),), 1, "M31"
)
INCIDENT = IncidentView("i1", "NM-1", "p1", "Delivery", "It answered 503", AT, None, True)


class StoppedClock:
    """An environment that is only a clock."""

    def now(self) -> datetime:
        return AT


CLOCK = StoppedClock()


def text(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


def queue(*tasks: TaskSummary, more: int | None = None, errors: Mapping[str, Any] | None = None, **asked: str) -> str:
    found = QueuePage(tasks, len(tasks) if more is None else more, more_than_total=more is not None)
    choices = QueueChoices((("east", "Children in Need East"),), (("team-manager", "Team manager"),), (("kim", "Kim"),))
    return render_template(
        "desk/queue.html", page=found, after=None, now=AT, asked=asked, choices=choices, errors=errors or {}
    )


def case(records: tuple[OversightView, ...] = (), incidents: tuple[IncidentView, ...] = ()) -> str:
    view = CaseView(CASE, (), (SUMMARY,), (), records, incidents, ())
    return render_template("desk/case.html", case=view, now=AT)


@pytest.fixture(scope="module")
def desk() -> Flask:
    app = Flask(__name__)
    app.secret_key = "for tests"
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    init_desk(app)
    app.register_blueprint(create_desk())
    return app


@pytest.fixture
def app(desk: Flask) -> Iterator[Flask]:
    desk.jinja_env.globals["authority"] = lambda: AuthorityView("Northmere", demo=True)
    with desk.test_request_context():
        yield desk
