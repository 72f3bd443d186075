"""BPMN files as XML trees, and finding one's way in them. What the elements mean is not here."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

from service.domain.errors import ModelError
from service.safe_xml import read_xml

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"
NAMESPACES = {"bpmn": BPMN, "zeebe": ZEEBE}

Node: TypeAlias = etree._Element


def parse(path: str, content: bytes) -> Node:
    """The `definitions` element of the file. Raises ModelError naming the file."""
    root = read_xml(content, path)
    if root.tag != f"{{{BPMN}}}definitions":
        raise ModelError(f"{path} is not a BPMN 2.0 diagram: its root element is {root.tag}.", file=path)
    return root


def local_name(node: Node) -> str:
    """The tag without its namespace."""
    return etree.QName(node).localname


def namespace(node: Node) -> str | None:
    """The namespace of the tag."""
    return etree.QName(node).namespace


def child(node: Node, name: str) -> Node | None:
    """The first child with this prefixed name, such as `bpmn:documentation`."""
    return node.find(name, NAMESPACES)


def children(node: Node, name: str) -> list[Node]:
    """The children with this prefixed name."""
    return node.findall(name, NAMESPACES)


def extension(node: Node, name: str) -> Node | None:
    """The zeebe extension element of this local name, such as `taskDefinition`."""
    return node.find(f"bpmn:extensionElements/zeebe:{name}", NAMESPACES)


def extensions(node: Node) -> list[Node]:
    """Every zeebe extension element of the node."""
    return [item for item in node.iterfind("bpmn:extensionElements/*", NAMESPACES) if namespace(item) == ZEEBE]


def is_camunda_7(node: Node) -> bool:
    """Whether the node has attributes or extension elements of the older dialect, which look alike and mean nothing."""
    holder = child(node, "bpmn:extensionElements")
    names = [*map(str, node.keys()), *(str(item.tag) for item in (holder if holder is not None else ()))]
    return any(name.startswith(f"{{{CAMUNDA_7}}}") for name in names)


def text_of(node: Node | None) -> str:
    """The text inside the element, without surrounding white space."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def flag(node: Node, name: str, default: bool) -> bool:
    """A boolean attribute."""
    value = node.get(name)
    return default if value is None else value.strip().lower() in ("true", "1")
