"""List and context functions against plain Python over small values."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from tests.feel.asking import value
from tests.feel.randomly import laws

SMALL = st.integers(-3, 3).map(Decimal)
ITEMS = st.one_of(st.none(), st.booleans(), SMALL, st.sampled_from(["", "a", "b", "𝕏"]))
LISTS = st.lists(ITEMS, max_size=6)
NUMBERS = st.lists(SMALL, min_size=1, max_size=7)
CONTEXTS = st.dictionaries(st.sampled_from(["a", "b", "two words", "x-y", ""]), ITEMS, max_size=4)


def same(left, right):
    """Equal and of one kind: Python takes true for 1."""
    return type(left) is type(right) and left == right


def alike(left, right):
    return len(left) == len(right) and all(map(same, left, right))


@laws(100)
@given(LISTS, LISTS, ITEMS)
def test_lists_are_joined_turned_and_searched(one, other, item):
    scope = {"a": one, "b": other, "x": item}

    assert alike(value("concatenate(a, b)", **scope), one + other)
    assert alike(value("append(a, x)", **scope), [*one, item])
    assert alike(value("reverse(a)", **scope), one[::-1])
    assert value("reverse(concatenate(a, b)) = concatenate(reverse(b), reverse(a))", **scope) is True
    assert value("count(concatenate(a, b)) = count(a) + count(b)", **scope) is True
    places = [Decimal(place) for place, each in enumerate(one, 1) if same(each, item)]
    assert value("index of(a, x)", **scope) == places
    assert value("list contains(a, x)", **scope) is bool(places)
    assert value("count(a[item = x])", **scope) == len(places)
    assert value("a = b", **scope) is alike(one, other)


@laws(100)
@given(LISTS, LISTS)
def test_every_value_is_kept_once(one, other):
    def once(items):
        kept = []
        for item in items:
            kept += [] if any(same(item, each) for each in kept) else [item]
        return kept

    scope = {"a": one, "b": other}
    assert alike(value("distinct values(a)", **scope), once(one))
    assert alike(value("union(a, b)", **scope), once(one + other))
    assert alike(value("union(a, a)", **scope), once(one))
    repeated = [item for item in once(one) if sum(same(item, each) for each in one) > 1]
    assert alike(value("duplicate values(a)", **scope), repeated)


@laws(100)
@given(st.lists(ITEMS, min_size=1, max_size=6), ITEMS, st.data())
def test_positions_count_from_one_and_from_the_end(items, item, data):
    size = len(items)
    place = data.draw(st.integers(1, size))
    index = place - 1
    length = data.draw(st.integers(1, size - index))

    for given_place in (place, place - size - 1):
        scope = {"v": items, "p": given_place, "n": length, "x": item}
        assert same(value("v[p]", **scope), items[index])
        assert alike(value("sublist(v, p)", **scope), items[index:])
        assert alike(value("sublist(v, p, n)", **scope), items[index : index + length])
        assert alike(value("insert before(v, p, x)", **scope), [*items[:index], item, *items[index:]])
        assert alike(value("remove(v, p)", **scope), items[:index] + items[index + 1 :])
        assert alike(value("list replace(v, p, x)", **scope), [*items[:index], item, *items[index + 1 :]])
    assert value("[v[0], v[n]]", v=items, n=size + 1) == [None, None]


@laws(100)
@given(st.recursive(ITEMS, lambda inner: st.lists(inner, max_size=3), max_leaves=8).map(lambda v: [v]))
def test_a_flat_list_holds_what_the_deep_one_held(nested):
    def flat(items):
        return [leaf for item in items for leaf in (flat(item) if isinstance(item, list) else [item])]

    assert alike(value("flatten(v)", v=nested), flat(nested))
    assert value("flatten(flatten(v)) = flatten(v)", v=nested) is True


@laws(100)
@given(NUMBERS)
def test_statistics_are_what_python_makes_of_them(numbers):
    counted = Counter(numbers)
    most = [number for number, times in counted.items() if times == max(counted.values())]

    assert value("[sum(v), min(v), max(v), count(v)]", v=numbers) == [
        sum(numbers),
        min(numbers),
        max(numbers),
        len(numbers),
    ]
    assert value("median(v)", v=numbers) == median(numbers)
    assert value("mode(v)", v=numbers) == sorted(most)
    assert abs(value("mean(v) * count(v)", v=numbers) - sum(numbers)) < Decimal("1E-30")
    product = Decimal(1)
    for number in numbers:
        product *= number
    assert value("product(v)", v=numbers) == product
    if len(numbers) > 1:
        squares = sum((n - sum(numbers) / len(numbers)) ** 2 for n in numbers)
        assert abs(value("stddev(v) ** 2 * (count(v) - 1)", v=numbers) - squares) < Decimal("1E-20")


@laws(80)
@given(st.lists(st.tuples(SMALL, st.sampled_from("abc")), max_size=7))
def test_sorting_orders_and_keeps_equals_in_their_order(pairs):
    rows = [{"n": number, "s": letter} for number, letter in pairs]

    assert value("sort(v, function(x, y) x.n < y.n)", v=rows) == sorted(rows, key=lambda row: row["n"])
    assert value("sort(v, function(x, y) x.s > y.s)", v=rows) == sorted(rows, key=lambda row: row["s"], reverse=True)
    assert value("sort(v.n, function(x, y) x < y)", v=rows) == sorted(number for number, _ in pairs)


@laws(80)
@given(st.lists(SMALL, max_size=5), st.lists(SMALL, max_size=4), SMALL)
def test_loops_and_filters_are_comprehensions(one, other, least):
    scope = {"a": one, "b": other, "n": least}

    assert value("for x in a, y in b return x * y", **scope) == [x * y for x in one for y in other]
    assert value("for x in a return x + count(partial)", **scope) == [x + place for place, x in enumerate(one)]
    assert value("a[item > n]", **scope) == [x for x in one if x > least]
    assert value("count(a[item > n]) + count(a[item <= n]) = count(a)", **scope) is True
    assert value("some x in a satisfies x > n", **scope) is any(x > least for x in one)
    assert value("every x in a satisfies x > n", **scope) is all(x > least for x in one)


@laws(60)
@given(SMALL, SMALL)
def test_a_loop_over_a_range_goes_every_step_of_the_way(start, end):
    step = 1 if start <= end else -1
    wanted = [Decimal(n) for n in range(int(start), int(end) + step, step)]

    assert value("for i in a..b return i", a=start, b=end) == wanted


@laws(100)
@given(CONTEXTS, CONTEXTS, st.sampled_from(["a", "b", "two words", "new"]), ITEMS)
def test_contexts_are_put_merged_and_taken_apart(one, other, key, item):
    scope = {"c": one, "d": other, "k": key, "x": item}

    assert value("context merge([c, d])", **scope) == {**one, **other}
    assert value("context put(c, k, x)", **scope) == {**one, key: item}
    assert same(value("get value(context put(c, k, x), k)", **scope), item)
    assert same(value("get value(c, k)", **scope), one.get(key))
    assert value("context(get entries(c)) = c", **scope) is True
    assert value("for e in get entries(c) return e.key", **scope) == list(one)
    assert value("context put(c, [k], x) = context put(c, k, x)", **scope) is True
    assert same(value('context put({p: c}, ["p", k], x).p', **scope), {**one, key: item})
