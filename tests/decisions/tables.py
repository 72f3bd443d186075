"""DMN files for the tests, written the way dmn-js writes them but shorter. No tests are here."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from service.decisions import load
from service.decisions.coverage import analyse

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(*parts, namespace=DMN_13, types=""):
    """A DMN file with these decisions and other elements."""
    body = types + "".join(parts)
    return f'<definitions xmlns="{namespace}" id="d" name="D" namespace="http://example.org/d">{body}</definitions>'.encode()


def table(
    rules, *, inputs=("n",), outputs=("result",), policy="UNIQUE", decision_id="choose", requires=(), **attributes
):
    """A decision with a table. A rule is `"cell | cell => output | output # annotation"`."""
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<decision id="{decision_id}" name="{decision_id}">{needs(requires)}'
        f'<decisionTable id="{decision_id}_table" hitPolicy="{policy}"{extra}>'
        + "".join(_input(number, column) for number, column in enumerate(inputs, start=1))
        + "".join(_output(number, column) for number, column in enumerate(outputs, start=1))
        + "".join(_rule(number, rule) for number, rule in enumerate(rules, start=1))
        + "</decisionTable></decision>"
    )


def literal(text, *, decision_id="choose", requires=(), knows=(), type_ref="Any"):
    """A decision with one expression."""
    return boxed(f"<literalExpression><text>{escape(text)}</text></literalExpression>",
                 decision_id=decision_id, requires=requires, knows=knows, type_ref=type_ref)  # fmt: skip


def boxed(xml, *, decision_id="choose", requires=(), knows=(), type_ref="Any"):
    """A decision with any boxed expression."""
    knowledge = "".join(f'<knowledgeRequirement><requiredKnowledge href="#{k}"/></knowledgeRequirement>' for k in knows)
    return (
        f'<decision id="{decision_id}" name="{decision_id}"><variable name="{decision_id}" typeRef="{type_ref}"/>'
        f"{needs(requires)}{knowledge}{xml}</decision>"
    )


def function(body, *parameters, name="double", logic=""):
    """A business knowledge model."""
    formal = "".join(f'<formalParameter name="{parameter}"/>' for parameter in parameters)
    text = logic or f"<literalExpression><text>{escape(body)}</text></literalExpression>"
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>'
        f"<encapsulatedLogic>{formal}{text}</encapsulatedLogic></businessKnowledgeModel>"
    )


def needs(decisions):
    return "".join(
        f'<informationRequirement><requiredDecision href="#{d}"/></informationRequirement>' for d in decisions
    )


def feel(text):
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decide(*parts, decision="choose", functions=None, **context):
    """Load these parts and decide; whole numbers in the context become FEEL numbers."""
    given = {name: Decimal(value) if type(value) is int else value for name, value in context.items()}
    return load({"a.dmn": dmn(*parts)}).decide(decision, given, functions=functions)


def result(*parts, **context):
    """What `decide` gives as the result."""
    return decide(*parts, **context).result


def problems(*parts, **options):
    """The messages of what is wrong with these parts."""
    return [problem.message for problem in load({"a.dmn": dmn(*parts, **options)}).problems]


def look(rules, inputs=("n: number",), types="", also="", **options):
    """What is found in a table with these rules."""
    return analyse(load({"a.dmn": dmn(table(rules, inputs=inputs, **options), also, types=types)}), "choose")


def _input(number, column):
    text, _, allowed = column.partition(" in ")
    expression, _, type_ref = text.partition(": ")
    values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return (
        f'<input id="in{number}" label="{escape(expression)}">'
        f"<inputExpression{typed}><text>{escape(expression)}</text></inputExpression>{values}</input>"
    )


def _output(number, column):
    column, _, default = column.partition(" else ")
    text, _, allowed = column.partition(" in ")
    name, _, type_ref = text.partition(": ")
    values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
    values += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<output id="out{number}" name="{name}"{typed}>{values}</output>'


def _rule(number, rule):
    rule, _, note = rule.partition(" # ")
    cells, _, results = rule.partition("=>")
    return (
        f'<rule id="rule_{number}"><description>{escape(note)}</description>'
        + "".join(f"<inputEntry><text>{escape(cell.strip())}</text></inputEntry>" for cell in _split(cells))
        + "".join(f"<outputEntry><text>{escape(cell.strip())}</text></outputEntry>" for cell in _split(results))
        + "</rule>"
    )


def _split(cells):
    return cells.split("|") if cells else []
