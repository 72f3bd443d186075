"""Expression languages as editors name them: those that mean FEEL are executed, all others are named."""

from __future__ import annotations

import pytest

from service.domain.errors import ModelError
from tests.decisions.tables import problems, result, table


@pytest.mark.parametrize(
    "language",
    [
        "feel",
        "FEEL",
        "S-FEEL",
        "feel-unary-tests",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    ],
)
def test_feel_by_any_of_its_names_is_executed(language):
    assert result(in_language(language), n=5) == 1
    assert problems(in_language(language)) == []


@pytest.mark.parametrize("language", ["juel", "javascript", "unfeeling", "jfeel", "http://example.org/feelings"])
@pytest.mark.parametrize("element", ["inputExpression", "inputEntry", "outputEntry"])
def test_another_language_is_named_and_never_executed(language, element):
    assert any(language in told for told in problems(in_language(language, element)))
    with pytest.raises(ModelError, match="only FEEL is executed"):
        result(in_language(language, element), n=5)


def test_an_aggregation_left_empty_is_none():
    assert result(table(["5 => 1"], policy="COLLECT", aggregation=""), n=5) == [1]


def in_language(language, element="outputEntry"):
    return table(["5 => 1"]).replace(f"<{element}>", f'<{element} expressionLanguage="{language}">')
