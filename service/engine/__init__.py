"""The engine room: BPMN diagrams executed by SpiffWorkflow as a pure function over opaque bytes. There is no database,
network, clock or language but FEEL in here; and SpiffWorkflow is imported nowhere else."""

from service.engine.advancing import advance
from service.engine.checking import Reference
from service.engine.diagrams import Diagrams, ElementInfo, ProcessInfo, compile_diagrams
from service.engine.drawn import Problem
from service.engine.looking import OpenElement, OpenScope, Snapshot, look, resumable
from service.engine.migrating import Migrated, migrate
from service.engine.plans import CannotMove, Plan, obstacles, wrong_names
from service.engine.redrawing import Since
from service.engine.starts import StartInfo, next_start
from service.engine.state import READABLE_STATES, STATE_VERSION
from service.engine.turn import Decide

__all__ = [
    "READABLE_STATES",
    "STATE_VERSION",
    "CannotMove",
    "Decide",
    "Diagrams",
    "ElementInfo",
    "Migrated",
    "OpenElement",
    "OpenScope",
    "Plan",
    "Problem",
    "ProcessInfo",
    "Reference",
    "Since",
    "Snapshot",
    "StartInfo",
    "advance",
    "compile_diagrams",
    "look",
    "migrate",
    "next_start",
    "obstacles",
    "resumable",
    "wrong_names",
]
