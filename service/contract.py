"""All that handlers may know of Towpath: the job, three ways to end, and how to register. How a job is run is not here.

A handler is a plain function. Its parameters are named after the job's variables; a parameter annotated `Job` or
`Resources` receives that instead. It ends in one of four ways:

    return {...}        done; the variables go through the service task's output mapping
    raise BpmnError     refused; the diagram says what happens
    raise RetryLater    the world is busy; try again, later
    anything else       a failure; retried with back-off, then an incident
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, TypeVar

Handler = Callable[..., Mapping[str, Any] | None]
HandlerT = TypeVar("HandlerT", bound=Handler)

_handlers: dict[str, Handler] = {}


class BpmnError(Exception):
    """A business error with a code that the diagram can catch."""

    def __init__(self, code: str, message: str = "", variables: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.message = message or code
        self.variables = dict(variables or {})
        super().__init__(self.message)


class RetryLater(Exception):
    """The world is busy; nothing is wrong with the job. `after` overrides the back-off drawn on the diagram."""

    def __init__(self, message: str, after: timedelta | None = None) -> None:
        self.message = message
        self.after = after
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Job:
    """One service task waiting to be done. `id` never changes between attempts: use it as the idempotency key."""

    id: str
    type: str
    attempt: int
    """1 for the first try."""
    business_key: str
    instance_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)


class Resources(Protocol):
    """What a handler may look up while it runs; no transaction is open."""

    def oversight_record(self, reference: str) -> Mapping[str, Any]:
        """The oversight record with this reference, as JSON values. Raises NotFound."""
        ...

    def setting(self, name: str) -> str:
        """A setting of this installation, such as `case_management_url`. Raises KeyError, naming it, when unset."""
        ...


def handler(job_type: str) -> Callable[[HandlerT], HandlerT]:
    """Register a function as the handler of `job_type`. A second handler of one type is refused."""

    def register(function: HandlerT) -> HandlerT:
        known = _handlers.get(job_type)
        if known is not None and (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"job type {job_type!r} already has a handler: {known.__module__}.{known.__qualname__}")
        _handlers[job_type] = function
        return function

    return register


def load_handlers(package: str) -> frozenset[str]:
    """Import every module of `package`; return the job types that now have a handler. Raises ModuleNotFoundError."""
    root = importlib.import_module(package)
    for module in pkgutil.iter_modules(root.__path__, prefix=f"{package}."):
        importlib.import_module(module.name)
    return frozenset(_handlers)


def call_handler(job: Job, resources: Resources) -> dict[str, Any]:
    """Run the job's handler and return its variables. Raises LookupError when the type has none, or what it raises."""
    function = _handlers.get(job.type)
    if function is None:
        raise LookupError(f"no handler is registered for job type {job.type!r}")
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(function, eval_str=True).parameters.items():
        if parameter.annotation is Job:
            arguments[name] = job
        elif parameter.annotation is Resources:
            arguments[name] = resources
        elif name in job.variables:
            arguments[name] = job.variables[name]
        elif parameter.default is inspect.Parameter.empty:
            raise LookupError(f"the handler of {job.type!r} needs the variable {name!r}, which the job does not carry")
    return dict(function(**arguments) or {})
