"""Fills an installation with open user tasks, by the database's own means. What is measured is in `queue.py`.

One authority of 100 teams in 20 areas and five services; 240 kinds of task; two open tasks a case, and ended ones. The
first team's manager has 140 tasks however many there are; one key for the whole county has a tenth of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Dialect, Engine, Integer, Table, text
from sqlalchemy.types import TypeDecorator

from service.store.lists import list_number
from service.store.tables import Base
from service.store.tasks import TaskRow

TEAMS, AREAS, SERVICES, WORKERS = 100, 20, 5, 10
OWN = 140
"""Tasks that the first team's manager has."""
MEGA = "service-director@county"
"""The key that a tenth of all tasks wait for."""
START = "2027-01-04 09:30:00"
MINUTES = 90 * 24 * 60
FIRST = ("Avery", "Blake", "Casey", "Devon", "Ellis", "Finley", "Gray", "Harper", "Indigo", "Jamie", "Kit", "Lane")
LAST = ("Ash", "Birch", "Cedar", "Dale", "Elm", "Fern", "Glen", "Heath", "Ivy", "Juniper", "Linden", "Maple", "Oak")
PATHWAYS = 30
DEEDS = ("Agree", "Countersign", "Check", "Review", "Write", "Approve", "Allocate", "Visit")


class Sql:
    """What the two databases say differently."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.postgres = dialect.name == "postgresql"

    def numbers(self, count: int) -> str:
        """A table `g` of one column `n`, from 1."""
        if self.postgres:
            return f"generate_series(1, {count}::bigint) g(n)"
        counted = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT n FROM c"
        return f"({counted}) g"

    def moment(self, minutes: str) -> str:
        """So many minutes before the start; after it, if they are negative."""
        if self.postgres:
            return f"timestamptz '{START}+00' - ({minutes}) * interval '1 minute'"
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', '{START}', (-({minutes})) || ' minutes')"

    def id(self, prefix: str, number: str) -> str:
        """An id of 36 characters that follows no order."""
        mixed = f"({number}) * 2654435761 % 4294967296"
        if self.postgres:
            mixed = mixed.replace("*", "::bigint *")
            return f"lpad(to_hex({mixed}), 8, '0') || '-{prefix}-4000-8000-' || lpad(to_hex({number}), 12, '0')"
        return f"printf('%08x-{prefix}-4000-8000-%012x', {mixed}, {number})"

    def word(self, words: tuple[str, ...], number: str) -> str:
        """One of these words, by number."""
        cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
        return f"CASE ({number}) % {len(words)} {cases} END"

    def bytes(self, kind: Any, value: Any) -> str:
        """A value as a column keeps it that is written through the codec."""
        kept = kind.process_bind_param(value, self.dialect).hex()
        return f"decode('{kept}', 'hex')" if self.postgres else f"x'{kept}'"

    def never(self) -> str:
        """When a task without a deadline is due."""
        return "timestamptz '9999-12-31 00:00:00+00'" if self.postgres else "'9999-12-31 00:00:00.000000'"

    def day(self, moment: str) -> str:
        """The day of an instant, as the lists of the queue name it."""
        if self.postgres:
            return f"(floor(extract(epoch FROM {moment}) / 86400)::bigint)::text"
        return f"CAST(CAST(strftime('%s', {moment}) AS INTEGER) / 86400 AS TEXT)"

    def list(self, *named: str) -> str:
        """The number of a list of the queue, which `free` completes: see `service/store/lists.py`."""
        if not self.postgres:
            return f"list_number(free, {', '.join(named)})"
        joined = " || '\\x00'::bytea || ".join(f"convert_to({one}, 'UTF8')" for one in named)
        first = f"('x' || left(encode(sha256({joined}), 'hex'), 16))::bit(64)::bigint"
        return f"((({first}) >> 1) & {2**63 - 2}::bigint) | free::int"

    def true(self, condition: str) -> str:
        """A condition as a column."""
        return f"({condition})" if self.postgres else f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def fill(engine: Engine, count: int) -> None:
    """Fill an installation that has a rule book and no authority yet."""
    sql = Sql(engine.dialect)
    with engine.connect() as connection, _bare(connection, sql) as insert:
        if sql.postgres:
            connection.execute(text("SET maintenance_work_mem = '512MB'"))
        else:
            raw: Any = connection.connection.dbapi_connection
            raw.create_function("list_number", -1, lambda free, *named: list_number(*named, free=bool(free)))
        connection.execute(text("INSERT INTO authority (name, demo) VALUES ('Northmere', " + sql.true("1 = 1") + ")"))
        _organisation(sql, insert)
        _cases(sql, insert, max(1, count // 2))
        _tasks(sql, insert, count, ended=count // 4)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if sql.postgres else "ANALYZE"))


@contextmanager
def _bare(connection: Connection, sql: Sql) -> Any:
    """Without keys to check and without indexes, which come back at the end."""
    unchecked = "SET session_replication_role = replica" if sql.postgres else "PRAGMA foreign_keys = OFF"
    connection.execute(text(unchecked))
    indexes = [
        index for name in ("queue_entries", "user_tasks", "case_words") for index in Base.metadata.tables[name].indexes
    ]
    for index in indexes:
        index.drop(connection)

    def insert(name: str, source: str, columns: Mapping[str, str]) -> None:
        table = Base.metadata.tables[name]
        every = {**_plain(table), **columns}
        values = ", ".join(f"{value} AS {column}" for column, value in every.items())
        connection.execute(
            text(f"INSERT INTO {name} ({', '.join(every)}) SELECT {values} FROM {source}".replace(":", "\\:"))
        )

    yield insert
    for index in indexes:
        index.create(connection)
    connection.commit()
    if sql.postgres:
        connection.execute(text("SET session_replication_role = DEFAULT"))
        connection.commit()


def _plain(table: Table) -> dict[str, str]:
    """Something for every column that must have a value."""
    kinds = ((JSON, "'{}'"), (Boolean, "false"), (Integer, "0"))
    found = {}
    for column in table.columns:
        if not column.nullable and not column.primary_key:
            kept = column.type
            if isinstance(kept, TypeDecorator):
                kept = kept.impl_instance
            found[column.name] = next((value for kind, value in kinds if isinstance(kept, kind)), "''")
    return found


def _organisation(sql: Sql, insert: Any) -> None:
    team = "'t' || (n - 1)"
    placed = {"area": f"'a' || ((n - 1) % {AREAS})", "service": f"'s' || ((n - 1) % {SERVICES})"}
    insert(
        "teams", sql.numbers(TEAMS), {"id": team, "name": "'Team ' || (n - 1)", "kind": "'children-in-need'", **placed}
    )
    above = {"area": "NULL", "service": "NULL"}
    posts = (
        ("tm", TEAMS, "team-manager", {"team_id": team, **placed}),
        ("sm", AREAS, "service-manager", {"team_id": "NULL", "area": "'a' || (n - 1)", "service": "NULL"}),
        ("sd", 1, "service-director", {"team_id": "NULL", **above}),
        ("dc", 1, "director-of-commissioning", {"team_id": "NULL", **above}),
        ("sw", TEAMS * WORKERS, "social-worker", {"team_id": f"'t' || ((n - 1) % {TEAMS})", **above}),
    )
    for short, count, level, where in posts:
        person = f"'{short}' || (n - 1)"
        insert("people", sql.numbers(count), {"id": person, "name": f"'{level} ' || (n - 1)"})
        known = {"id": person, "title": f"'{level} ' || (n - 1)", "level": f"'{level}'", "holder_id": person}
        insert("posts", sql.numbers(count), {**known, **where})


def _cases(sql: Sql, insert: Any, count: int) -> None:
    numbers, reference = sql.numbers(count), "'C-' || n"
    first, last = sql.word(FIRST, "n * 7"), sql.word(LAST, "n * 11 + n / 16")
    insert("cases", numbers, {
        "reference": reference, "label": f"{first} || ' ' || {last}", "status": "'open'",
        "facts_as_of": sql.moment("0"),
        "owning_team_id": team_of("n"), "allocated_worker_id": f"'sw' || (n % {TEAMS * WORKERS})",
    })  # fmt: skip
    for word in ("'c-' || n", "'c'", "'' || n", f"lower({first})", f"lower({last})"):
        insert("case_words", numbers, {"case_reference": reference, "word": word})
    insert("process_instances", numbers, {
        "id": sql.id("1111", "n"), "process_id": "'p' || (n % 30)", "name": f"'Pathway ' || (n % {PATHWAYS})",
        "release_number": "1", "case_reference": reference, "status": "'running'", "started_at": sql.moment("0"),
    })  # fmt: skip


def team_of(case: str) -> str:
    """The team of a case: the first team has those that give its manager what they have, and no more."""
    return f"CASE WHEN {case} <= {OWN // 2} THEN 't0' ELSE 't' || (1 + ({case} * 13 % {TEAMS - 1})) END"


def _tasks(sql: Sql, insert: Any, count: int, ended: int) -> None:
    case = "((n + 1) / 2)"
    opened, due = (
        sql.moment(f"(n * 7919) % {MINUTES}"),
        sql.moment(f"(n * 7919) % {MINUTES} - {MINUTES} / 3 - n % 40000"),
    )
    name = f"{sql.word(DEEDS, 'n / 10')} || ' item ' || ({case} % {PATHWAYS})"
    claimed = "CASE WHEN n % 4 <> 0 THEN NULL WHEN n % 40 = 0 THEN 'tm0' ELSE 'sw' || (n % 999) END"
    claimed = f"CASE WHEN n > {OWN} AND n % 4 = 0 THEN 'sw' || (n % 999) WHEN n <= {OWN} THEN {claimed} END"
    key = (
        f"CASE WHEN n <= {OWN} THEN 'team-manager@team:t0' WHEN n % 10 = 0 THEN '{MEGA}' "
        f"WHEN n % 10 < 4 THEN 'person:sw' || (n % 999) ELSE 'team-manager@team:' || {team_of(case)} END"
    )
    common = {
        "instance_id": sql.id("1111", case), "case_reference": f"'C-' || {case}", "name": name,
        "element_id": "'element'",
        "process_id": "'p'", "opened_at": opened, "priority": "50 + n % 3 * 10", "excluded": "'[]'",
        "contributors": "'[]'",
    }  # fmt: skip
    variables = sql.bytes(TaskRow.variables.type, {"plan": "as agreed", "visits": 4})
    words = f"'{{\"' || {key} || '\": \"Whoever holds this post\"}}'"
    candidates = _json(sql, words)
    insert("user_tasks", sql.numbers(count), {
        **common, "id": sql.id("2222", "n"), "status": "'open'", "claimed_by": claimed, "candidates": candidates,
        "due_at": f"CASE WHEN n % 7 > 0 THEN {due} END", "variables": variables,
        "excluded": _json(sql, "'[]'"), "contributors": _json(sql, "'[]'"),
    })  # fmt: skip
    insert("user_tasks", f"{sql.numbers(ended)} CROSS JOIN (SELECT 1 AS one) o", {
        **common, "id": sql.id("3333", "n"), "status": "'completed'", "ended_at": sql.moment("0"), "ended_by": "'tm0'",
        "claimed_by": "'tm0'", "variables": variables,
        "excluded": _json(sql, "'[]'"), "contributors": _json(sql, "'[]'"),
    })  # fmt: skip
    tie = "n * 2654435761 % 4294967296 * 1048576 + n % 1048576"
    entry = {
        "tie": tie.replace("n *", "n::bigint *") if sql.postgres else tie,
        "task_id": sql.id("2222", "n"), "case_reference": f"'C-' || {case}", "team_id": team_of(case),
        "kind": f"lower({name}) || ' pathway ' || ({case} % {PATHWAYS})", "claimed_by": claimed, "opened_at": opened,
        "free": sql.true(f"({claimed}) IS NULL"), "rank": "-(50 + n % 3 * 10)",
        "due_at": f"CASE WHEN n % 7 > 0 THEN {due} ELSE {sql.never()} END",
    }  # fmt: skip
    everywhere = f"CASE WHEN n > {OWN} AND n % 10 = 0 THEN 'service-director@*' ELSE 'team-manager@*' END"
    asked = f"{sql.numbers(count)} WHERE n <= {OWN} OR n % 10 NOT IN (1, 2, 3)"
    for waits_for, source in (("'*'", sql.numbers(count)), (key, sql.numbers(count)), (everywhere, asked)):
        known = ", ".join(f"{value} AS {name}" for name, value in {**entry, "key": waits_for}.items())
        insert("queue_entries", f"(SELECT {known} FROM {source} LIMIT {count}) e", {
            **{name: name for name in (*entry, "key")},
            "key_list": sql.list("key"),
            "team_list": sql.list("key", "'team'", "team_id"),
            "day_list": sql.list("key", "'day'", sql.day("due_at")),
            "kind_list": sql.list("key", "'kind'", "kind"),
        })  # fmt: skip


def _json(sql: Sql, value: str) -> str:
    return f"({value})::json" if sql.postgres else value
