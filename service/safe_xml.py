"""XML from outside, read with entities, document types and the network off. What its elements mean is not here."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

from service.domain.errors import ModelError

Element: TypeAlias = etree._Element

LARGEST = 10_000_000
"""Bytes of one file."""
_ENCODINGS = ("UTF-8", "UTF-16", "US-ASCII", "ASCII", "ISO-8859-", "WINDOWS-125")
"""Where each letter of a tag is that letter; in UTF-7 a tag can hide from whoever looks at the file."""


def read_xml(content: bytes, file: str) -> Element:
    """The root element. Raises ModelError, naming the file, when it is too large, not well-formed, or unsafe."""
    if len(content) > LARGEST:
        raise ModelError(f"{file} is larger than {LARGEST:,} bytes.", file=file)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise ModelError(f"{file} is not XML that can be read: {broken}.", file=file) from broken
    information: Any = root.getroottree().docinfo
    if information.doctype:
        raise ModelError(f"{file} declares a document type, which a file of the rule book may not have.", file=file)
    if not (information.encoding or "UTF-8").upper().startswith(_ENCODINGS):
        raise ModelError(f"{file} is written in {information.encoding}; save it as UTF-8.", file=file)
    return root
