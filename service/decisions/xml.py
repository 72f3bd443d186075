"""DMN files as XML trees, whichever version of DMN they are. What the elements mean is not here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from service.domain.errors import ModelError
from service.safe_xml import read_xml

Element = etree._Element

NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
    "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
    "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3, what dmn-js writes
    "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
    "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
)


def parse(content: bytes, file: str) -> Element:
    """The `definitions` element of a DMN file. Raises ModelError when it is no DMN 1.1 to 1.5, or unsafe."""
    root = read_xml(content, file)
    if local_name(root) != "definitions" or namespace(root) not in NAMESPACES:
        raise ModelError(f"{file} is not a DMN file of version 1.1 to 1.5: it begins with <{root.tag}>.", file=file)
    return root


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname


def namespace(element: Element) -> str:
    """The element's namespace, empty when it has none."""
    return etree.QName(element).namespace or ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The DMN child elements, only those of the given names when there are any; what other tools add is left out."""
    for child in element:
        if namespace(child) in NAMESPACES and (not names or local_name(child) in names):
            yield child


def child(element: Element, name: str) -> Element | None:
    """The first DMN child of that name, or None."""
    return next(children(element, name), None)


def text_of(element: Element | None, name: str = "text") -> str:
    """What stands in the child `name` (by default `text`), without space around it; empty when there is none."""
    found = None if element is None else child(element, name)
    return "" if found is None or found.text is None else found.text.strip()


def identity(element: Element) -> str:
    """The id of the element, or of the nearest element around it that has one."""
    here: Element | None = element
    while here is not None:
        if found := here.get("id"):
            return found
        here = here.getparent()
    return ""


def name_of(element: Element) -> str:
    """The `name` with the spaces FEEL sees: one between words."""
    return plain_name(element.get("name") or "")


def plain_name(name: str) -> str:
    """A name with single spaces."""
    return re.sub(r"\s+", " ", name).strip()
