"""Every page in every state: how to bring it there, and the cases that this needs. What is sought is in the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.desk import EXEMPLAR_TASK, SERVICE_MANAGER, SIGN_OFF_TASK, TEAM_MANAGER, WORKER, WORKER_2, Desk
from tests.support.demo import Installation, exemplar_of
from tests.support.server import RunningServer
from tests.support.world import SENT_BACK, SIGNATURE

RUNNING, CLOSED, FRESH, PROTECTED = "K-101", "K-102", "K-103", "K-104"
TO_SIGN, TWO_WINDOWS, SOON_GONE, STUCK, STOPPED = "K-108", "K-110", "K-112", "K-113", "K-109"
PATHWAY = "Closure of a case"
DIRECTOR = "Director of Children's Services"
HEAD_OF_SERVICE = "Head of Service, Children in Need"


@dataclass(frozen=True)
class State:
    """A page as somebody sees it; `who` is None for whoever has not signed in."""

    who: str | None
    bring: Callable[[Desk, RunningServer], object]


def prepare(towpath: Installation) -> None:
    """Bring the cases of the demo to where the states begin."""
    server = towpath.server
    for case in (RUNNING, CLOSED, FRESH, PROTECTED, TO_SIGN, TWO_WINDOWS, SOON_GONE, STOPPED):
        server.propose(case).raise_for_status()
    for case in (CLOSED, RUNNING):
        server.answer(case, "sw1-cin-east", exemplar_of(case))
        server.answer(case, "tm-cin-east", SIGNATURE)
    server.answer(CLOSED, "sm-cin-east", SIGNATURE)
    server.answer(RUNNING, "sm-cin-east", SENT_BACK)
    server.answer(RUNNING, "sw1-cin-east", exemplar_of(RUNNING))
    server.answer(TO_SIGN, "sw1-cin-west", exemplar_of(TO_SIGN))
    server.wait_for("SELECT count(*) FROM oversight_records WHERE receipt_at IS NULL", 0)
    towpath.let_a_delivery_get_stuck(STUCK, "sw3-cin-east", "tm-cin-east")


def _at(desk: Desk, server: RunningServer, case: str, person: str) -> Desk:
    """The user task that waits for a person, whoever looks at it."""
    return desk.go(f"/tasks/{server.waiting_tasks(person)[case]}")


def _refused(desk: Desk, _: RunningServer) -> object:
    desk.open_task(EXEMPLAR_TASK, f"Child {PROTECTED}")
    return desk.write(exemplar_of(PROTECTED, involvementsEnding=[])).press("Submit").sees("You cannot do this yet")


def _sent_back(desk: Desk, _: RunningServer) -> object:
    desk.open_task(SIGN_OFF_TASK, f"Child {RUNNING}").write({"outcome": "sent-back"})
    desk.press("Add another to 4. What must be done?").sees("number 2")
    return desk.write({"action": "", "due": "2099-01-01"}, "actions-1-").press("Submit").sees("There is a problem")


def _ended(desk: Desk, server: RunningServer) -> object:
    [(task,)] = server.ask(
        f"SELECT id FROM user_tasks WHERE case_reference = '{CLOSED}' AND element_id = 'sign' LIMIT 1"
    )
    return desk.go(f"/tasks/{task}").heading(SIGN_OFF_TASK)


def _signed(desk: Desk, _: RunningServer) -> object:
    desk.open_task(SIGN_OFF_TASK, f"Child {TO_SIGN}")
    return desk.write(SIGNATURE).press("Submit").heading(f"Done: {SIGN_OFF_TASK}")


def _saved_elsewhere(desk: Desk, _: RunningServer) -> object:
    desk.open_task(EXEMPLAR_TASK, f"Child {TWO_WINDOWS}")
    other = Desk(desk.page.context.new_page(), desk.site)
    other.page.goto(desk.page.url)
    other.press("Save draft").sees("Draft saved at")
    return desk.press("Save draft").sees("Somebody or something was first")


def _gone(desk: Desk, server: RunningServer) -> object:
    desk.open_task(EXEMPLAR_TASK, f"Child {SOON_GONE}")
    # Without an event, so that no draft is on its way when the task goes.
    desk.page.locator("#outcomes").evaluate("(box) => { box.value = 'Typed in vain.' }")
    server.answer(SOON_GONE, "sw1-early-help", exemplar_of(SOON_GONE))
    return desk.press("Save draft").sees("What you had typed")


def _pathway(desk: Desk, case: str, unfolded: str) -> Desk:
    """The page of a case's pathway, with one of its parts unfolded."""
    desk.open_case(case).page.get_by_role("link", name=PATHWAY).first.click()
    desk.heading(PATHWAY).page.locator("summary").filter(has_text=unfolded).first.click()
    return desk


def _suspended(desk: Desk, _: RunningServer) -> object:
    reason = "#suspend-reason"
    _pathway(desk, STOPPED, "Suspend this pathway").page.fill(reason, "The court has asked us to wait.")
    return desk.press("Suspend").sees("The court has asked us to wait.")


STATES: dict[str, State] = {
    "choosing who to be": State(None, lambda desk, _: desk.go("/").heading("Choose who you are")),
    "an empty queue": State(DIRECTOR, lambda desk, _: desk.sees("Nothing waits for you.")),
    "a queue": State(WORKER_2, lambda desk, _: desk.sees("2 user tasks wait")),
    "a later page of the queue": State(
        WORKER_2, lambda desk, _: desk.go("/?after=opened~2020-01-01T00:00:00%2B00:00~1").sees("Start of the queue")
    ),
    "a narrowed queue": State(
        WORKER_2, lambda desk, _: desk.go("/?person=anyone&text=child&sort=due").sees("What is due first")
    ),
    "a narrowed queue with nothing in it": State(
        WORKER_2, lambda desk, _: desk.go("/?text=zzz").sees("Nothing that you may see waits as you asked")
    ),
    "a queue that cannot be narrowed so": State(
        WORKER_2, lambda desk, _: desk.go("/?due_before-day=40&team=none").sees("Date due by must be a real date")
    ),
    "a fresh task": State(WORKER_2, lambda desk, _: desk.open_task(EXEMPLAR_TASK, f"Child {FRESH}")),
    "a claimed task": State(
        WORKER_2,
        lambda desk, _: desk.open_task(EXEMPLAR_TASK, f"Child {FRESH}").press("Claim this task").sees("Success"),
    ),
    "a task with errors": State(
        WORKER_2,
        lambda desk, _: desk.open_task(EXEMPLAR_TASK, f"Child {FRESH}").press("Submit").sees("There is a problem"),
    ),
    "a task that rules refuse": State(WORKER_2, _refused),
    "a refusal that may be allowed": State(
        HEAD_OF_SERVICE,
        lambda desk, server: _at(desk, server, PROTECTED, "sw2-cin-east").sees("Your reason for allowing it"),
    ),
    "allowing without a reason": State(
        HEAD_OF_SERVICE,
        lambda desk, server: (
            _at(desk, server, PROTECTED, "sw2-cin-east")
            .press_first("Allow with this reason")
            .sees("Enter the reason why")
        ),
    ),
    "a task of somebody else": State(
        WORKER, lambda desk, server: _at(desk, server, FRESH, "sw2-cin-east").sees("You may not complete it")
    ),
    "the signature under one's own work": State(
        WORKER, lambda desk, server: _at(desk, server, RUNNING, "tm-cin-east").sees("You cannot do this task")
    ),
    "a sign-off after a cleared signature": State(
        TEAM_MANAGER, lambda desk, _: desk.open_task(SIGN_OFF_TASK, f"Child {RUNNING}").sees("Signature cleared")
    ),
    "sending back, with errors in a list": State(TEAM_MANAGER, _sent_back),
    "a task that has ended": State(WORKER, _ended),
    "success": State("Team manager, Children in Need West", _signed),
    "a draft saved in another window": State("Social worker 2, Children in Need West", _saved_elsewhere),
    "a task that went away": State("Social worker 1, Early Help", _gone),
    "a running case": State(WORKER, lambda desk, _: desk.open_case(RUNNING).sees("Signature cleared")),
    "a closed case": State(WORKER, lambda desk, _: desk.open_case(CLOSED).sees("Receipt:")),
    "a case with a problem": State(TEAM_MANAGER, lambda desk, _: desk.open_case(STUCK).sees("Delivery stuck")),
    "a case where nothing happened": State(
        DIRECTOR, lambda desk, _: desk.open_case("K-111").sees("Nothing has happened yet.")
    ),
    "a pathway": State(SERVICE_MANAGER, lambda desk, _: _pathway(desk, RUNNING, "Move it").sees("Deadlines that wait")),
    "cancelling a pathway without a reason": State(
        SERVICE_MANAGER,
        lambda desk, _: (
            _pathway(desk, RUNNING, "Cancel this pathway").press("Cancel the pathway").sees("There is a problem")
        ),
    ),
    "repairing with what is no JSON": State(
        SERVICE_MANAGER,
        lambda desk, _: (
            _pathway(desk, RUNNING, "Repair variables of: the whole")
            .press_first("Write these")
            .sees("There is a problem")
        ),
    ),
    "a suspended pathway": State("Service manager, Children in Need West", _suspended),
    "a task of a suspended pathway": State(
        "Social worker 2, Children in Need West",
        lambda desk, _: desk.open_task(EXEMPLAR_TASK, f"Child {STOPPED}").sees("suspended"),
    ),
    "cases": State(WORKER, lambda desk, _: desk.go("/cases").heading("Cases")),
    "cases that are not there": State(WORKER, lambda desk, _: desk.go("/cases?text=none").sees("Check the reference")),
    "problems": State(TEAM_MANAGER, lambda desk, _: desk.go("/problems").sees("Stuck since")),
    "no problems": State("Social worker 1, Early Help", lambda desk, _: desk.go("/problems").sees("Nothing is stuck.")),
    "no such page": State(WORKER, lambda desk, _: desk.go("/nowhere").heading("Page not found")),
    "the documentation of the API": State(None, lambda desk, _: desk.go("/api/v1/docs").sees("Problems, and what")),
}
