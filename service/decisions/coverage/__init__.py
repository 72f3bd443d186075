"""What decision tables leave open, decide twice or never decide, found without running them. Checks of single cells are
in `decisions/checks.py`."""

from service.decisions.coverage.analysis import analyse, analyse_library, analyse_table
from service.decisions.coverage.domains import Declarations
from service.decisions.coverage.findings import (
    Coverage,
    Gap,
    Overlap,
    Region,
    RuleRef,
    Unanalysed,
    Unanswered,
    Unreachable,
)
from service.decisions.coverage.wording import sentences

__all__ = [
    "Coverage",
    "Declarations",
    "Gap",
    "Overlap",
    "Region",
    "RuleRef",
    "Unanalysed",
    "Unanswered",
    "Unreachable",
    "analyse",
    "analyse_library",
    "analyse_table",
    "sentences",
]
