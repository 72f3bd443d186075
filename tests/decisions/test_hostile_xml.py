"""DMN files that mean harm: bombs, entities, foreign encodings, depth without end. Each is refused in words."""

from __future__ import annotations

import tracemalloc

import pytest

from service.decisions import load
from service.domain.errors import ModelError
from service.safe_xml import LARGEST
from tests.decisions.tables import DMN_13, boxed, decide, dmn, feel, literal, table

GOOD = dmn(table(["> 0 => 1"])).decode()
DEFINITIONS, _, REST = GOOD.partition(">")


def declared(declarations, name="laughs"):
    """The good file with a document type, and an entity used where a name stands."""
    used = REST.replace('name="choose"', f'name="&{name};"', 1)
    return f"<!DOCTYPE definitions [{declarations}]>{DEFINITIONS}>{used}".encode()


def laughs(levels):
    """Entities of entities of entities: a kilobyte that becomes gigabytes."""
    lines = ['<!ENTITY laughs0 "ha">']
    lines += [f'<!ENTITY laughs{n} "{f"&laughs{n - 1};" * 10}">' for n in range(1, levels + 1)]
    return "".join(lines) + f'<!ENTITY laughs "&laughs{levels};">'


HOSTILE = {
    "a billion laughs": declared(laughs(9)),
    "a few laughs": declared(laughs(1)),
    "a quadratic bomb": declared(f'<!ENTITY laughs "{"h" * 50_000}">').replace(b"&gt; 0", b"&laughs;" * 500),
    "an entity that holds itself": declared('<!ENTITY laughs "&laughs;">'),
    "a parameter entity": declared("<!ENTITY % p \"<!ENTITY laughs 'x'>\"> %p;"),
    "a local file": declared('<!ENTITY laughs SYSTEM "file:/etc/passwd">'),
    "a file of the network": declared('<!ENTITY laughs SYSTEM "http://127.0.0.1:9/x">'),
    "an external document type": b'<!DOCTYPE definitions SYSTEM "http://127.0.0.1:9/d.dtd">' + GOOD.encode(),
    "an empty document type": b"<!DOCTYPE definitions>" + GOOD.encode(),
    "an attribute by default": declared('<!ATTLIST decisionTable hitPolicy CDATA "FIRST"><!ENTITY laughs "x">'),
    "an entity nobody declared": GOOD.replace("&gt; 0", "&laughs;").encode(),
    "a character that XML has not": GOOD.replace("&gt; 0", "&#0;").encode(),
    "half a character": GOOD.replace("&gt; 0", "&#xD800;").encode(),
    "a NUL byte": GOOD.encode().replace(b"&gt; 0", b"\x000"),
    "bytes that are no UTF-8": GOOD.encode().replace(b"&gt; 0", b"\xff\xfe\xc3("),
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>' + GOOD.replace("<", "+ADw-").encode(),
    "an encoding that lies": b'<?xml version="1.0" encoding="UTF-16"?>' + GOOD.encode(),
    "an encoding nobody knows": b'<?xml version="1.0" encoding="x-none"?>' + GOOD.encode(),
    "a document type in UTF-16": declared(laughs(9)).decode().encode("utf-16"),
    "a document type in UTF-32": declared(laughs(9)).decode().encode("utf-32"),
    "depth without end": dmn("<x>" * 100_000),
    "depth with an end": dmn("<group>" * 5_000 + "</group>" * 5_000),
    "a huge text": dmn(literal("1" * (LARGEST + 1))),
    "two roots": GOOD.encode() * 2,
    "nothing": b"",
    "a root of no DMN": b"<definitions/>",
    "an attribute twice": GOOD.replace("<decision ", '<decision id="b" ', 1).encode(),
    "a prefix nobody declared": GOOD.replace("<decision ", "<x:decision ", 1).encode(),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=list(HOSTILE))
def test_a_file_that_means_harm_is_refused_and_named(content):
    with pytest.raises(ModelError, match=r"evil\.dmn"):
        load({"evil.dmn": content})


def test_the_same_file_without_harm_is_read():
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        assert load({"good.dmn": GOOD.encode(codec)}).decide("choose", {"n": 1}).result == 1


def test_a_bomb_is_refused_before_it_takes_memory():
    tracemalloc.start()
    with pytest.raises(ModelError):
        load({"evil.dmn": HOSTILE["a billion laughs"]})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 5_000_000


def test_no_word_of_another_file_is_ever_in_the_error(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the words of another file")

    with pytest.raises(ModelError) as refused:
        load({"evil.dmn": declared(f'<!ENTITY laughs SYSTEM "{secret.as_uri()}">')})

    assert "words" not in str(refused.value)


@pytest.mark.parametrize("depth", [30, 120, 200, 2_000])
def test_boxed_expressions_inside_one_another_are_evaluated_or_refused(depth):
    told = answer(boxed("<list>" * depth + feel("1") + "</list>" * depth))

    assert told.count("[") == depth or "deep" in told or "Excessive depth" in told
    assert (told.count("[") == depth) is (depth < 100) or depth in (120, 200)


def test_loops_inside_one_another_are_counted_together():
    inner = f'<for iteratorVariable="a"><in>{feel("[1..300]")}</in><return>{feel("a")}</return></for>'
    outer = f'<for iteratorVariable="b"><in>{feel("[1..300]")}</in><return>{inner}</return></for>'

    assert len(decide(boxed(inner)).result) == 300
    with pytest.raises(ModelError, match="more than 50,000 items"):
        decide(boxed(outer))


def test_filters_inside_one_another_are_counted_together():
    inner = f"<filter><in>{feel('[1..300]')}</in><match>{feel('item > 299')}</match></filter>"
    outer = f'<for iteratorVariable="b"><in>{feel("[1..300]")}</in><return>{inner}</return></for>'

    with pytest.raises(ModelError, match="more than 50,000 items"):
        decide(boxed(outer))


def test_a_service_may_name_one_fact_twice():
    fact = '<inputData id="{}" name="n"><variable name="n"/></inputData>'
    service = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#choose"/>'
        '<inputData href="#one"/><inputData href="#two"/></decisionService>'
    )

    assert decide(fact.format("one"), fact.format("two"), literal("n + 1"), service, decision="s", n=1).result == 2


def test_a_file_in_the_name_of_an_older_dmn_is_as_suspicious():
    content = declared(laughs(2)).replace(DMN_13.encode(), b"http://www.omg.org/spec/DMN/20151101/dmn.xsd")

    with pytest.raises(ModelError, match=r"document type|XML that can be read"):
        load({"evil.dmn": content})


def answer(part):
    """The result as text, or the words with which the file was refused."""
    try:
        return str(decide(part).result)
    except ModelError as refused:
        return str(refused)
