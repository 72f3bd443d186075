"""DMN: decision tables, requirements and boxed expressions, read and evaluated. FEEL itself is in `feel/`; what a guard
or the decision matrix is for is not here."""

from service.decisions.explanations import RuleExplained
from service.decisions.library import (
    Decided,
    DecisionInfo,
    InputInfo,
    Library,
    MatchedRule,
    OutputInfo,
    TableDecided,
    load,
)
from service.decisions.model import Problem

__all__ = [
    "Decided",
    "DecisionInfo",
    "InputInfo",
    "Library",
    "MatchedRule",
    "OutputInfo",
    "Problem",
    "RuleExplained",
    "TableDecided",
    "load",
]
