"""Changing DMN files at random: their elements, attributes, expressions, and now and then their very bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random

from lxml import etree

from deployment.fuzz.making import Maker, changed
from service.decisions.xml import NAMESPACES, Element

_VALUES = (
    "", "UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER", "SUM", "COUNT", "MIN", "number",
    "string", "boolean", "date", "Any", "tChild", "tChildren", "tLevel", "tTwice", "nobody", "#n", "#choose", "#boxed",
    "#twice", "#served", "elsewhere#n", "n", "choose", "x", "true", "Java", "http://www.omg.org/spec/FEEL/",
    "a" * 5_000,
)  # fmt: skip
_ATTRIBUTES = ("typeRef", "hitPolicy", "aggregation", "name", "id", "href", "kind", "isCollection")
_DECLARATIONS = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:/etc/hostname">]>',
    b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">',
    b'<?xml-stylesheet href="x"?>',
)
_PIECES = (b"&a;", b"<a>" * 300, b"\0", b"]]>", b"<![CDATA[", b"&#0;", b"&#xD800;")
_MOST_BYTES = 120_000


def changed_file(content: bytes, texts: Sequence[str], random: Random) -> bytes:
    """The file with a few changes; what is no XML any more is changed byte by byte."""
    if random.random() < 0.12:
        return _changed_bytes(content, random)
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return _changed_bytes(content, random)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        random.choice(_CHANGES)(random.choice(elements), elements, texts, random)
    made: bytes = etree.tostring(root)
    return made[:_MOST_BYTES]


def _changed_bytes(content: bytes, random: Random) -> bytes:
    place = random.randrange(len(content) + 1)
    kind = random.randrange(5)
    if kind == 0:
        return random.choice(_DECLARATIONS) + content.partition(b"?>")[2]
    if kind == 1:
        return content[:place] + random.randbytes(random.choice((1, 1, 4))) + content[place + 1 :]
    if kind == 2:
        return content[:place]
    if kind == 3:
        codec = random.choice(("utf-16", "utf-7", "utf-32", "utf-8-sig", "cp037"))
        return content.decode("utf-8", "replace").encode(codec, "replace")
    return content[:place] + random.choice(_PIECES) + content[place:]


def _text(element: Element, _all: list[Element], texts: Sequence[str], random: Random) -> None:
    maker = Maker(random)
    chosen = random.choice((element.text or "", random.choice(texts), maker.expression(3), maker.tests()))
    made = changed(chosen, texts, random) if random.random() < 0.6 else chosen
    element.text = "".join(
        character for character in made if character >= " " and not "\ud800" <= character <= "\udfff"
    )


def _any_expression(element: Element, elements: list[Element], texts: Sequence[str], random: Random) -> None:
    found = [each for each in elements if etree.QName(each).localname == "text"]
    _text(random.choice(found or [element]), elements, texts, random)


def _attribute(element: Element, _all: list[Element], _texts: Sequence[str], random: Random) -> None:
    names = (*map(str, element.attrib), *_ATTRIBUTES)
    element.set(random.choice(names), random.choice(_VALUES))


def _without_attribute(element: Element, _all: list[Element], _texts: Sequence[str], random: Random) -> None:
    if element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def _gone(element: Element, _all: list[Element], _texts: Sequence[str], _random: Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _copied(element: Element, elements: list[Element], _texts: Sequence[str], random: Random) -> None:
    twin = deepcopy(element)
    target = random.choice(elements) if random.random() < 0.5 else element.getparent()
    if target is not None and len(elements) < 2_000:
        target.insert(random.randrange(len(target) + 1), twin)


def _deeper(element: Element, _all: list[Element], _texts: Sequence[str], random: Random) -> None:
    """The element's children inside many more of its kind."""
    inner = element
    for _ in range(random.choice((1, 3, 60, 240))):
        inner = etree.SubElement(inner, element.tag)
    for child in list(element)[:-1]:
        inner.append(child)


def _renamed(element: Element, elements: list[Element], _texts: Sequence[str], random: Random) -> None:
    if random.random() < 0.3:
        element.tag = f"{{{random.choice(NAMESPACES)}}}{etree.QName(element).localname}"
    else:
        element.tag = random.choice(elements).tag


_CHANGES: Sequence[Callable[[Element, list[Element], Sequence[str], Random], None]] = (
    _text, _any_expression, _any_expression, _any_expression, _attribute, _attribute, _without_attribute, _gone,
    _copied, _copied, _deeper, _renamed,
)  # fmt: skip
