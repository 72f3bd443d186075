"""Numbers against exact fractions, rounded to 34 digits as decimal128 does. Dates are in `test_laws_of_time.py`."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DecimalException
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from service.feel import write
from tests.feel.asking import value
from tests.feel.randomly import laws

DECIMAL128 = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144)
DIGITS = st.integers(-(10**34) + 1, 10**34 - 1)
LONG = st.builds(lambda digits, exponent: Decimal(digits).scaleb(exponent, DECIMAL128), DIGITS, st.integers(-40, 10))
SHORT = st.decimals(-1000, 1000, places=2)
NUMBERS = LONG | SHORT | st.integers(-9, 9).map(Decimal)
OPERATORS = st.sampled_from(["+", "-", "*", "/"])
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
COMPARISONS = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def rounded(exact):
    """The fraction with 34 significant digits, half to even; by whole numbers alone."""
    if not exact:
        return Decimal(0)
    top, bottom = abs(exact.numerator), exact.denominator
    places = 34 - (len(str(top)) - len(str(bottom)))
    while True:
        digits, rest = divmod(top * 10 ** max(places, 0), bottom * 10 ** max(-places, 0))
        if digits < 10**34:
            break
        places -= 1
    if digits < 10**33:
        places += 1
        digits, rest = divmod(top * 10 ** max(places, 0), bottom * 10 ** max(-places, 0))
    whole = bottom * 10 ** max(-places, 0)
    digits += rest * 2 > whole or (rest * 2 == whole and digits % 2)
    return Decimal(-digits if exact < 0 else digits).scaleb(-places, DECIMAL128)


def computed(operator, left, right):
    """What the operator gives by exact fractions; None when nothing."""
    if left is None or right is None or (operator == "/" and not right):
        return None
    one, other = Fraction(left), Fraction(right)
    if operator == "**":
        return rounded(one ** int(right)) if one or right >= 0 else None
    exact = {"+": one + other, "-": one - other, "*": one * other, "/": one / other if other else None}[operator]
    return rounded(exact)


@laws(150)
@given(NUMBERS, OPERATORS, NUMBERS)
def test_the_four_operators_round_the_exact_result_to_34_digits(left, operator, right):
    assert value(f"a {operator} b", a=left, b=right) == computed(operator, left, right)


@laws(60)
@given(st.integers(10**33, 10**34 - 2), st.sampled_from([1, -1]))
def test_what_lies_half_way_goes_to_the_even_digit(digits, sign):
    wanted = sign * Decimal(digits + digits % 2)

    assert value("a + b", a=sign * Decimal(digits), b=Decimal("0.5") * sign) == wanted
    assert value("a * 10 + b * 5", a=sign * Decimal(digits), b=sign) == wanted * 10
    assert computed("+", sign * Decimal(digits), Decimal("0.5") * sign) == wanted


@laws(100)
@given(SHORT | st.integers(-9, 9).map(Decimal), st.integers(0, 12))
def test_a_whole_power_is_the_rounded_product(base, exponent):
    # IEEE 754 lets a power be one unit in the last place away from the exact result.
    found, exact = value("a ** b", a=base, b=exponent), computed("**", base, Decimal(exponent))

    assert abs(found - exact) <= DECIMAL128.next_plus(abs(exact)) - abs(exact)
    if len(str(abs(int(base.scaleb(2))))) * exponent <= 34:
        assert found == exact


@laws(120)
@given(st.lists(st.tuples(st.sampled_from(["+", "-", "*", "/", "**"]), st.integers(0, 4), st.booleans()), max_size=6))
def test_operators_bind_as_everybody_learnt_and_from_the_left(steps):
    pieces = [("", Decimal(3)), *((operator, Decimal(-n if minus else n)) for operator, n, minus in steps)]
    text = " ".join(f"{operator} {number}" for operator, number in pieces)

    found, wanted = value(text), climbed(pieces)
    assert found == wanted or (found is not None and wanted is not None and abs(found - wanted) <= abs(wanted) / 10**30)


def climbed(pieces):
    """The value of `a op b op c …`: the first weakest operator from the right splits it."""
    if len(pieces) == 1:
        return pieces[0][1]
    weakest = min(STRENGTH[operator] for operator, _ in pieces[1:])
    place = max(i for i, (operator, _) in enumerate(pieces) if i and STRENGTH[operator] == weakest)
    return computed(pieces[place][0], climbed(pieces[:place]), climbed([("", pieces[place][1]), *pieces[place + 1 :]]))


@laws(100)
@given(NUMBERS, NUMBERS, st.sampled_from(list(COMPARISONS)))
def test_numbers_compare_as_they_are_large(left, right, operator):
    assert value(f"a {operator} b", a=left, b=right) is COMPARISONS[operator](Fraction(left), Fraction(right))
    assert value(f"a {operator} a", a=left) is (operator in ("=", "<=", ">="))


@laws(100)
@given(NUMBERS, NUMBERS)
def test_sums_and_products_can_be_turned_round(left, right):
    for text in (
        "a + b = b + a",
        "a * b = b * a",
        "a - b = -(b - a)",
        "-(-a) = a",
        "a + 0 = a",
        "a * 1 = a",
        "a - a = 0",
    ):
        assert value(text, a=left, b=right) is True, text


@laws(100)
@given(LONG)
def test_a_number_is_written_so_that_it_is_read_again(number):
    text = write(number)

    assert "E" not in text
    assert Decimal(text) == number == value(text)
    assert value("number(string(n))", n=number) == number


@laws(100)
@given(st.integers(-(10**33), 10**33), st.integers(-6143, 6111), st.sampled_from(["*", "/"]), st.integers(-6143, 6111))
def test_beyond_the_largest_number_there_is_nothing(digits, exponent, operator, other):
    left, right = (Decimal(digits).scaleb(e, DECIMAL128) for e in (exponent, other))
    assume(right)
    try:
        wanted = DECIMAL128.multiply(left, right) if operator == "*" else DECIMAL128.divide(left, right)
    except DecimalException:
        wanted = None
    found = value(f"a {operator} b", a=left, b=right)

    assert found == wanted or (wanted is not None and found is None and abs(wanted) < Decimal("1E-6143"))


@laws(100)
@given(SHORT, st.integers(-3, 3), st.booleans())
def test_roundings_lie_beside_the_number_on_their_side(number, scale, half_way):
    if half_way:
        number = (int(number) + Decimal("0.5")).scaleb(-scale)
    step = Fraction(10) ** -scale
    exact = Fraction(number)
    down, up = exact // step * step, -(-exact // step) * step
    towards, away = (up, down) if exact < 0 else (down, up)
    near = [edge for edge in (down, up) if abs(edge - exact) == min(exact - down, up - exact)]
    found = {
        name: Fraction(value(f"{name}(n, s)", n=number, s=scale))
        for name in ("floor", "ceiling", "round down", "round up", "round half up", "round half down", "decimal")
    }

    assert (found["floor"], found["ceiling"]) == (down, up)
    assert (found["round down"], found["round up"]) == (towards, away)
    assert (found["round half up"], found["round half down"]) == (max(near, key=abs), min(near, key=abs))
    assert found["decimal"] == (near[0] if len(set(near)) == 1 else next(e for e in near if e / step % 2 == 0))


@laws(100)
@given(SHORT, SHORT.filter(bool))
def test_modulo_is_what_is_left_of_whole_divisors(dividend, divisor):
    rest = Fraction(value("modulo(a, b)", a=dividend, b=divisor))

    assert rest == Fraction(dividend) - Fraction(divisor) * (Fraction(dividend) // Fraction(divisor))
