"""What goes into the database through the codec comes out the same, in every form; an unknown form is said."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from service.store.codec import CodecError, EncodedBytes, EncodedJson, decode, encode
from service.store.tables import Base, db
from tests.support.world import EXEMPLAR, World

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.binary() | st.binary(min_size=200).map(lambda part: part * 5))
def test_what_is_encoded_is_decoded(content: bytes) -> None:
    assert decode(encode(content)) == content


@given(JSON)
def test_a_value_comes_back_from_its_column(value: Any) -> None:
    column = EncodedJson()
    dialect: Any = None
    assert column.process_result_value(column.process_bind_param(value, dialect), dialect) == value


def test_what_is_long_and_repeats_itself_is_stored_shorter() -> None:
    content = orjson.dumps(dict(EXEMPLAR))
    assert encode(content)[:1] == b"\x02"
    assert len(encode(content)) < 0.7 * len(content)


def test_what_would_not_become_shorter_is_stored_as_it_is() -> None:
    content = bytes(range(256))
    assert encode(content) == b"\x01" + content


def test_state_from_before_there_were_forms_is_read() -> None:
    assert decode(b'{"v": 1}') == b'{"v": 1}'


def test_a_form_that_nobody_knows_is_said_and_not_guessed() -> None:
    with pytest.raises(CodecError, match="of a form that this version does not know: 7f"):
        decode(b"\x7fabc")


def test_everything_that_people_wrote_or_processes_know_goes_through_it() -> None:
    encoded = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, EncodedBytes | EncodedJson)
    }
    assert encoded >= {
        "process_instances.state", "user_tasks.variables", "user_tasks.answers", "user_tasks.sent_back",
        "drafts.answers", "jobs.variables", "jobs.answer", "case_events.data", "outbox.data",
    }  # fmt: skip


def test_the_answers_do_not_stand_in_the_database_as_text(world: World) -> None:
    world.at_first_signature()
    [stored] = db.session.execute(text("SELECT answers FROM user_tasks WHERE answers IS NOT NULL")).scalars()
    assert bytes(stored)[:1] == b"\x02"
    assert b"attendance" not in bytes(stored)
