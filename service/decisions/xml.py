"""DMN files as XML trees, safely, whichever version of DMN they are. What the elements mean is not here.

Entities, document types and the network are off: a file that declares any is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from service.domain.errors import ModelError

Element = etree._Element

NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
    "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
    "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3, what dmn-js writes
    "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
    "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
)
LARGEST = 10_000_000
"""Bytes of one file."""


def parse(content: bytes, file: str) -> Element:
    """The `definitions` element of a DMN file. Raises ModelError when it is no DMN 1.1 to 1.5, or unsafe."""
    if len(content) > LARGEST:
        raise ModelError(f"{file} is larger than {LARGEST:,} bytes.", file=file)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise ModelError(f"{file} is not XML that can be read: {broken}.", file=file) from broken
    if root.getroottree().docinfo.internalDTD is not None:
        raise ModelError(f"{file} declares a document type, which a decision file may not have.", file=file)
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
