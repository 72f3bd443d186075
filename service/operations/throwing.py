"""What a diagram throws: a message to the world and to other diagrams, a signal to everybody. Delivery is not here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Literal

from service import engine
from service.domain.outcome import ThrownMessage, ThrownSignal
from service.operations.step import Step
from service.operations.transaction import call_workers
from service.store.events import EventRow, OutboxRow, add_to_outbox
from service.store.tables import db

SOURCE = "towpath"
"""The source of the case events that a diagram throws and another diagram catches."""


def send(step: Step, message: ThrownMessage) -> None:
    """Put a thrown message in the outbox, and in the inbox too when a diagram of the release starts on or awaits it."""
    event_id = _put_out(step, message.message, message.variables)
    if message.message in known_messages(step.release.diagrams):
        _take_in(step, "message", message.message, event_id, message.variables)
    else:
        step.consequences.append(f"Sent: {message.message}")


def broadcast(step: Step, signal: ThrownSignal) -> None:
    """Put a thrown signal in the outbox and in the inbox: instances of any release may wait for it."""
    event_id = _put_out(step, signal.signal, signal.variables)
    _take_in(step, "signal", signal.signal, event_id, signal.variables)
    step.consequences.append(f"Broadcast: {signal.signal}")


def known_messages(diagrams: engine.Diagrams) -> frozenset[str]:
    """The names of the messages that some diagram of a release starts on or waits for."""
    return frozenset(reference.value for reference in diagrams.references if reference.kind == "message")


def known_signals(diagrams: engine.Diagrams) -> frozenset[str]:
    """The names of the signals that some diagram of a release starts on or waits for."""
    return frozenset(reference.value for reference in diagrams.references if reference.kind == "signal")


def _put_out(step: Step, name: str, data: Mapping[str, Any]) -> str:
    event_id = str(uuid.uuid4())
    add_to_outbox(
        OutboxRow(
            id=event_id,
            type=name,
            case_reference=step.case.reference,
            instance_id=step.instance.id,
            data=dict(data),
            at=step.env.now(),
        )
    )
    return event_id


def _take_in(step: Step, kind: Literal["message", "signal"], name: str, event_id: str, data: Mapping[str, Any]) -> None:
    now = step.env.now()
    call_workers()
    db.session.add(
        EventRow(
            id=str(uuid.uuid4()),
            source=SOURCE,
            event_id=event_id,
            type=name,
            kind=kind,
            case_reference=step.case.reference,
            happened_at=now,
            data=dict(data),
            digest="",
            received_at=now,
            received_from=step.instance.id,
            received_from_name=step.instance.name,
        )
    )
