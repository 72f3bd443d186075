"""The grammar of type names, as after `instance of`. Whether a value fits a type is not decided here."""

from __future__ import annotations

from service.feel.grammar.cursor import Cursor
from service.feel.syntax import TypeName

_WITH_KEYWORDS = (
    ("days", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
    ("day", "time", "duration"),
    ("year", "month", "duration"),
    ("date", "and", "time"),
)
_OTHER_NAMES = {
    "day time duration": "days and time duration",
    "year month duration": "years and months duration",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "dateTime": "date and time",
}


class TypeGrammar(Cursor):
    """Reads type names."""

    def type_name(self) -> TypeName:
        """Read one type. Raises FeelError."""
        position = self.token.start
        with self.nested():
            name = self._type_words()
            if name == "function":
                return self._function_type(position)
            if name == "context" and self.took("<"):
                return self._context_type(position)
            if name in ("list", "range") and self.took("<"):
                argument = self.type_name()
                self.expect(">", " after the type of the items")
                return TypeName(position, name, (argument,))
        return TypeName(position, _OTHER_NAMES.get(name, name))

    def _type_words(self) -> str:
        for words in _WITH_KEYWORDS:
            if tuple(t.text for t in self.tokens[self.index : self.index + len(words)]) == words:
                self.index += len(words)
                return " ".join(words)
        if self.took("function"):
            return "function"
        if self.took("null"):
            return "Null"
        name = self.name("the name of a type")
        while self.at(".") and self.peek().kind == "name":
            self.take()
            name += "." + self.name()
        return name

    def _function_type(self, position: int) -> TypeName:
        arguments: list[TypeName] = []
        if self.took("<"):
            while not self.at(">"):
                arguments.append(self.type_name())
                if not self.took(","):
                    break
            self.expect(">", " after the types of the parameters")
        result = self.type_name() if self.took("->") else None
        return TypeName(position, "function", tuple(arguments), result=result)

    def _context_type(self, position: int) -> TypeName:
        fields: list[tuple[str, TypeName]] = []
        while not self.at(">"):
            label = self.label()
            if label is None:
                raise self.wrong("the name of an entry and “:”")
            fields.append((label, self.type_name()))
            if not self.took(","):
                break
        self.expect(">", " after the types of the entries")
        return TypeName(position, "context", fields=tuple(fields))
