"""The OpenAPI document retold for a reader: operations with an example each, and the shapes of bodies. No HTML here."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter, or a property of a shape."""

    name: str
    kind: str
    """In words: "list of Refusal"."""
    where: str
    """`path`, `query` or `header`; empty for a property."""
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation can answer."""

    status: str
    words: str
    shape: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one address."""

    method: str
    path: str
    title: str
    words: str
    parameters: tuple[Name, ...]
    reads: str
    """The shape of the body; empty when there is none."""
    media: tuple[str, ...]
    answers: tuple[Answer, ...]
    needs_token: bool
    curl: str

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        parts = [part.strip("{}") for part in self.path.split("/")[3:]]
        return "-".join([self.method.lower(), *parts])


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations of one noun."""

    title: str
    words: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A body or a part of one."""

    name: str
    words: str
    properties: tuple[Name, ...]


def chapters_of(document: Json, address: str) -> tuple[Chapter, ...]:
    """The operations of an OpenAPI document by tag; `address` (`http://127.0.0.1:8080`) stands in the examples."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document.get("tags", [])}
    for path, methods in document["paths"].items():
        shared = methods.get("parameters", [])
        for method, operation in methods.items():
            if method != "parameters":
                told = _operation(document, method.upper(), path, operation, shared, address)
                found.setdefault(operation["tags"][0], []).append(told)
    words = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    return tuple(Chapter(title, words.get(title, ""), tuple(operations)) for title, operations in found.items())


def shapes_of(document: Json) -> tuple[Shape, ...]:
    """The named schemas of an OpenAPI document, by name."""
    return tuple(
        Shape(name, _one_line(schema.get("description", "")), tuple(_properties(schema)))
        for name, schema in sorted(document.get("components", {}).get("schemas", {}).items())
    )


def curl(method: str, url: str, *, token: bool, headers: Mapping[str, str], body: Any) -> str:
    """The request as a command that can be pasted into a shell which has `TOWPATH_TOKEN` set."""
    lines = [f"curl -X {method} {shlex.quote(url)}" if method != "GET" else f"curl {shlex.quote(url)}"]
    if token:
        lines.append('-H "Authorization: Bearer $TOWPATH_TOKEN"')
    lines.extend(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items())
    if body is not None:
        lines.append(f"-d {shlex.quote(json.dumps(body, indent=2, ensure_ascii=False))}")
    return " \\\n  ".join(lines)


def _operation(document: Json, method: str, path: str, operation: Json, shared: Any, address: str) -> Operation:
    parameters = tuple(_parameter(document, one) for one in [*shared, *operation.get("parameters", [])])
    content = operation.get("requestBody", {}).get("content", {})
    media = next(iter(content), "")
    body: Json = content.get(media, {})
    needs_token = operation.get("security") != []
    headers = {name.name: '"0"' for name in parameters if name.where == "header" and name.required}
    if media:
        headers["Content-Type"] = media
    return Operation(
        method=method,
        path=path,
        title=operation.get("summary", path),
        words=operation.get("description", ""),
        parameters=parameters,
        reads=_kind(body.get("schema", {})) if body else "",
        media=tuple(content),
        answers=tuple(_answers(document, operation)),
        needs_token=needs_token,
        curl=curl(method, f"{address}{path}", token=needs_token, headers=headers, body=body.get("example")),
    )


def _answers(document: Json, operation: Json) -> Iterator[Answer]:
    for status, answer in sorted(operation.get("responses", {}).items()):
        resolved = _resolve(document, answer)
        schemas = [content.get("schema", {}) for content in resolved.get("content", {}).values()]
        yield Answer(str(status), resolved.get("description", ""), _kind(schemas[0]) if schemas else "")


def _parameter(document: Json, sent: Json) -> Name:
    parameter = _resolve(document, sent)
    return Name(
        name=parameter["name"],
        kind=_kind(parameter.get("schema", {})),
        where=parameter["in"],
        required=parameter.get("required", False),
        words=parameter.get("description", ""),
    )


def _properties(schema: Json) -> Iterator[Name]:
    required = schema.get("required", [])
    for name, told in schema.get("properties", {}).items():
        yield Name(name, _kind(told), "", name in required, told.get("description", ""))


def _kind(schema: Json) -> str:
    """A schema in words: "Refusal", "list of Refusal", "string, date-time or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema or "allOf" in schema:
        return " or ".join(_kind(one) for one in schema.get("anyOf") or schema["allOf"])
    kinds = schema.get("type", "anything")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds:
        told = f"list of {_kind(schema.get('items', {}))}"
    else:
        told = " or ".join(kind for kind in kinds if kind != "null") or "null"
    if schema.get("format"):
        told = f"{told}, {schema['format']}"
    return f"{told} or null" if "null" in kinds and told != "null" else told


def _resolve(document: Json, told: Json) -> Json:
    if "$ref" not in told:
        return told
    found: Any = document
    for part in str(told["$ref"]).removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def _one_line(text: str) -> str:
    return " ".join(text.split())
