"""The OpenAPI document retold for a reader."""

from __future__ import annotations

import shlex
from typing import Any

from service.web.api.guide import Name, chapters_of, curl, shapes_of


def test_operations_stand_under_their_tag() -> None:
    (chapter,) = chapters_of(DOCUMENT, "http://here")
    (told,) = chapter.operations
    assert (chapter.title, chapter.words, told.title, told.anchor) == (
        "Things",
        "About things.",
        "Put",
        "put-things-id",
    )


def test_parameters_of_the_path_and_of_the_operation_are_both_told() -> None:
    assert the_operation().parameters == (
        Name("id", "string", "path", True, ""),
        Name("If-Match", "string", "header", True, "Which."),
    )


def test_shared_answers_are_looked_up() -> None:
    assert [(answer.status, answer.words, answer.shape) for answer in the_operation().answers] == [
        ("200", "OK", "Thing"),
        ("409", "Conflict", "Problem"),
    ]


def test_an_example_is_a_command_that_a_shell_understands() -> None:
    words = shlex.split(the_operation().curl.replace("\\\n", " "))
    assert words[:4] == ["curl", "-X", "PUT", "http://here/api/v1/things/{id}"]
    assert 'If-Match: "0"' in words
    assert '{\n  "name": "it\'s"\n}' in words


def test_an_open_route_is_asked_without_a_token() -> None:
    assert "Authorization" not in curl("GET", "http://here/health", token=False, headers={}, body=None)


def test_shapes_are_told_in_words() -> None:
    (shape,) = shapes_of(DOCUMENT)
    assert [(part.name, part.kind, part.required) for part in shape.properties] == [
        ("name", "string, date-time or null", True),
        ("parts", "list of Thing", False),
        ("any", "anything", False),
    ]


def the_operation() -> Any:
    """The one operation of the document below."""
    return chapters_of(DOCUMENT, "http://here")[0].operations[0]


THING = {"$ref": "#/components/schemas/Thing"}
DOCUMENT: dict[str, Any] = {
    "tags": [{"name": "Things", "description": "About things."}],
    "paths": {
        "/api/v1/things/{id}": {
            "parameters": [{"in": "path", "name": "id", "required": True, "schema": {"type": "string"}}],
            "put": {
                "tags": ["Things"],
                "summary": "Put",
                "parameters": [
                    {
                        "in": "header",
                        "name": "If-Match",
                        "required": True,
                        "description": "Which.",
                        "schema": {"type": "string"},
                    }
                ],
                "requestBody": {"content": {"application/json": {"schema": THING, "example": {"name": "it's"}}}},
                "responses": {
                    "409": {"$ref": "#/components/responses/CONFLICT"},
                    "200": {"description": "OK", "content": {"application/json": {"schema": THING}}},
                },
            },
        }
    },
    "components": {
        "responses": {
            "CONFLICT": {
                "description": "Conflict",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
        },
        "schemas": {
            "Thing": {
                "required": ["name"],
                "properties": {
                    "name": {"type": ["string", "null"], "format": "date-time"},
                    "parts": {"type": "array", "items": THING},
                    "any": {},
                },
            }
        },
    },
}
