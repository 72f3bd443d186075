"""A DMN file taken apart so that it goes together again byte for byte, and changes to single places of it. What the
elements mean is not here."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import Any

from service.decisions.xml import Element, local_name, namespace, parse
from service.domain.errors import ModelError

# Enough for XML that was read once already: it is well-formed, and it declares no document type.
_TOKEN = re.compile(
    r"""(?P<note><!--.*?-->|<\?.*?\?>)|(?P<cdata><!\[CDATA\[.*?\]\]>)|(?P<tag><(?:[^<>"']|"[^"]*"|'[^']*')*>)|[^<]+""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(\s+)([^\s=<>/"']+)(\s*=\s*)("[^"]*"|'[^']*')""")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Part:
    """An element: its start tag, what stands inside, and its end tag, each as it was written."""

    def __init__(self, element: Element, start: str, parent: Part | None, newline: str) -> None:
        self.element = element
        self.name = local_name(element)
        self.namespace = namespace(element)
        self.start = start
        self.inside: list[str | Part] = []
        """Text, comments and the like as text between the elements."""
        self.end = ""
        """Empty when the start tag closes the element itself."""
        self.parent = parent
        self.newline = newline
        """How the file ends its lines."""

    def __str__(self) -> str:
        return self.start + "".join(map(str, self.inside)) + self.end

    @property
    def tag(self) -> str:
        """The name as written, with its prefix."""
        return re.split(r"[\s/>]", self.start[1:], maxsplit=1)[0]

    @property
    def prefix(self) -> str:
        """The namespace prefix with its colon, or nothing."""
        return self.tag[: self.tag.find(":") + 1]

    def parts(self, *names: str) -> list[Part]:
        """The elements directly inside that have one of these names and this element's namespace."""
        return [
            item
            for item in self.inside
            if isinstance(item, Part) and item.name in names and item.namespace == self.namespace
        ]

    def part(self, name: str) -> Part | None:
        """The first of them, or None."""
        return next(iter(self.parts(name)), None)

    def everything(self) -> Iterator[Part]:
        """This element and all inside it, in the order of the file."""
        yield self
        for item in self.inside:
            if isinstance(item, Part):
                yield from item.everything()

    def set_attribute(self, name: str, value: str | None) -> None:
        """Write, replace or (with None) take away an attribute that has no prefix."""
        found = next((a for a in _ATTRIBUTE.finditer(self.start) if a[2] == name), None)
        if found is not None:
            quote = found[4][0]
            new = "" if value is None else found[1] + name + found[3] + quote + as_attribute(value, quote) + quote
            self.start = self.start[: found.start()] + new + self.start[found.end() :]
        elif value is not None:
            close = len(self.start.removesuffix(">").removesuffix("/").rstrip())
            self.start = f'{self.start[:close]} {name}="{as_attribute(value)}"{self.start[close:]}'

    def set_text(self, value: str) -> None:
        """Replace the text; space around it, comments in it and CDATA stay. Raises ModelError when it has elements."""
        if any(isinstance(item, Part) for item in self.inside):
            raise ModelError(f"<{self.tag}> holds elements; a sheet cannot change it.")
        self.open()
        raw = "".join(map(str, self.inside))
        words: list[str] = []
        notes: list[str] = []
        for token in _TOKEN.finditer(raw):
            (notes if token["note"] else words).append(token[0])
        old = "".join(words)
        before, after = ("", "") if not old.strip() else (_leading(old), trailing_space(old))
        lines = value.replace("\n", self.newline)
        in_cdata = old.strip().startswith("<![CDATA[") and old.count("<![CDATA[") == 1 and old.strip().endswith("]]>")
        new = f"<![CDATA[{lines}]]>" if in_cdata and "]]>" not in value else as_text(lines)
        self.inside = [before + new + "".join(notes) + after]

    def open(self) -> None:
        """Give an element that closes itself (`<text/>`) an end tag."""
        if not self.end:
            self.start, self.end = re.sub(r"\s*/>$", ">", self.start), f"</{self.tag}>"

    def lead(self) -> str:
        """The white space just before this element."""
        around = self.parent.inside if self.parent else []
        place = around.index(self) if self in around else 0
        before = around[place - 1] if place else ""
        return trailing_space(before) if isinstance(before, str) else ""

    def inner(self) -> str:
        """The white space before the first element inside."""
        first = next((item for item in self.inside if isinstance(item, Part)), None)
        return first.lead() if first else ""

    def close(self) -> str:
        """The white space before the end tag, when elements stand inside."""
        last = self.inside[-1] if len(self.inside) > 1 else ""
        return trailing_space(last) if isinstance(last, str) else ""

    def add(self, written: str, after: Part | None) -> None:
        """Put a new element, written with the space before it, after `after`, or first of all."""
        self.open()
        if not "".join(map(str, self.inside)).strip():
            self.inside = [last_line(self.lead())]
        self.inside.insert(0 if after is None else self.inside.index(after) + 1, written)

    def resequence(self, old: Sequence[Part], new: Sequence[Part | str], after: Part | None) -> None:
        """Put `new` in the place of `old`, which are elements inside; what is new is written with the space before it.

        A comment moves with the element that it stands before, and stays when that element goes. With nothing in `old`
        the new ones stand after `after`.
        """
        if list(old) == list(new):
            return
        if not old:
            for item in reversed(new):
                self.add(str(item), after)
            return
        begin = self._beginning(old[0])
        end = self.inside.index(old[-1]) + 1
        were, stay = set(map(id, old)), set(map(id, new))
        leads: dict[int, list[str | Part]] = {}
        lead: list[str | Part] = []
        for item in self.inside[begin:end]:
            if id(item) not in were:
                lead.append(item)
            elif id(item) in stay:
                leads[id(item)], lead = lead, []
            elif lead and isinstance(lead[-1], str):
                lead[-1] = lead[-1].rstrip()
        sequence = [each for item in new for each in (*leads.get(id(item), ()), item)]
        self.inside[begin:end] = [*sequence, *lead]

    def _beginning(self, part: Part) -> int:
        place = self.inside.index(part)
        return place - 1 if place and isinstance(self.inside[place - 1], str) else place


class Document:
    """A DMN file whose elements can be changed one by one; every byte that is not changed stays."""

    def __init__(self, content: bytes, file: str) -> None:
        """Take a file apart. Raises ModelError when it is no DMN, unsafe, or in an encoding that cannot be kept."""
        root = parse(content, file)
        self._codec = _codec(content, root)
        try:
            text = content.decode(self._codec)
        except (UnicodeDecodeError, LookupError) as wrong:
            raise ModelError(f"{file} is not in the encoding that it declares: {wrong}.", file=file) from wrong
        self._before, self.root, self._after = _take_apart(text, root)
        if self.to_bytes() != content:
            raise ModelError(f"{file} cannot be taken apart and put together again without a difference.", file=file)

    def to_bytes(self) -> bytes:
        """The file. What its encoding has no character for is written as a character reference."""
        return f"{self._before}{self.root}{self._after}".encode(self._codec, "xmlcharrefreplace")


def as_text(value: str) -> str:
    """Text between tags."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_attribute(value: str, quote: str = '"') -> str:
    """Text within these quotes in a tag."""
    escaped = as_text(value).replace("\n", "&#10;").replace("\t", "&#9;")
    return escaped.replace(quote, "&quot;" if quote == '"' else "&apos;")


def trailing_space(text: str) -> str:
    """The white space at the end of a text."""
    return text[len(text.rstrip()) :]


def last_line(space: str) -> str:
    """White space from its last line break on."""
    return re.sub(r".*(?=\r\n)|.*(?=(?<!\r)\n)", "", space, flags=re.DOTALL)


def _leading(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _codec(content: bytes, root: Element) -> str:
    information: Any = root.getroottree().docinfo
    return next((codec for mark, codec in _MARKS if content.startswith(mark)), information.encoding or "utf-8")


def _take_apart(text: str, root: Element) -> tuple[str, Part, str]:
    elements = root.iter()
    newline = "\r\n" if "\r\n" in text else "\n"
    outside = ["", ""]
    top: Part | None = None
    here: Part | None = None
    for token in _TOKEN.finditer(text):
        raw = token[0]
        if not token["tag"]:
            _append(here, raw, outside, top)
        elif here is not None and raw.startswith("</"):
            here.end, here = raw, here.parent
        else:
            part = Part(next(elements), raw, here, newline)
            if part.name != part.tag.rpartition(":")[2]:
                raise ModelError(f"<{part.tag}> is not where it was expected in this file.")
            top = top or part
            if here is not None:
                here.inside.append(part)
            here = here if raw.endswith("/>") else part
    if top is None:
        raise ModelError("There is no element in this file.")
    return outside[0], top, outside[1]


def _append(here: Part | None, raw: str, outside: list[str], top: Part | None) -> None:
    if here is None:
        outside[top is not None] += raw
    elif here.inside and isinstance(here.inside[-1], str):
        here.inside[-1] += raw
    else:
        here.inside.append(raw)
