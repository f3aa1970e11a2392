"""Lets papermill, and Quarto with it, set the parameters of notebooks in TypeScript and JavaScript."""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

# `let rate: number = 0.1; // what it is`
DECLARATION = re.compile(
    r"^\s*(?:export\s+)?(?P<keyword>const|let|var)\s+(?P<name>[^\W\d][\w$]*|\$[\w$]*)\s*"
    r"(?::\s*(?P<type>.+?)\s*)?=(?![=>])\s*(?P<value>.*?)\s*;?\s*(?://\s*(?P<help>.*))?$"
)


class JavaScriptTranslator(Translator):
    """Writes values as JavaScript. A declaration may follow another of its name."""

    typed = False
    # papermill inspects the cell of the parameters just before it translates: their keywords and types are kept.
    declared: dict = {}

    @classmethod
    def translate(cls, val):
        """Writes a value as an expression."""
        if isinstance(val, float) and not math.isfinite(val):
            return "NaN" if math.isnan(val) else "Infinity" if val > 0 else "-Infinity"
        if isinstance(val, (list, tuple)):
            return f"[{', '.join(map(cls.translate, val))}]"
        if isinstance(val, dict):
            pairs = [f"{_key(str(name))}: {cls.translate(each)}" for name, each in val.items()]
            return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
        return json.dumps(val if isinstance(val, (str, bool, int, float, type(None))) else str(val))

    @classmethod
    def comment(cls, cmt_str):
        """Writes a comment."""
        return f"// {cmt_str}".strip()

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        """Writes the cell that sets the parameters."""
        declared, cls.declared = cls.declared, {}
        lines = [cls.comment(comment)]
        for name, value in parameters.items():
            keyword, annotation = declared.get(name, ("let", None))
            typed = f": {annotation}" if annotation and cls.typed else ""
            lines.append(f"{keyword} {name}{typed} = {cls.translate(value)};")
        return "\n".join([*lines, ""])

    @classmethod
    def inspect(cls, parameters_cell):
        """Finds the parameters that a cell declares, one a line."""
        found = [
            match for line in parameters_cell["source"].splitlines() if (match := DECLARATION.match(line))
        ]
        cls.declared = {match["name"]: (match["keyword"], match["type"]) for match in found}
        return [
            Parameter(
                name=match["name"],
                inferred_type_name=match["type"] or "None",
                default=match["value"],
                help=match["help"] or "",
            )
            for match in found
        ]


class TypeScriptTranslator(JavaScriptTranslator):
    """Writes values as TypeScript, with the types of the declarations."""

    typed = True
    declared: dict = {}


class RnnlabEngine(NBClientEngine):
    """papermill's own engine. Its entry point has papermill load this module."""


def _key(name):
    # In an object literal `__proto__` would be no name of its own, unless it is computed.
    return '["__proto__"]' if name == "__proto__" else json.dumps(name)


for _name, _translator in {
    "rnnlab": TypeScriptTranslator,
    "typescript": TypeScriptTranslator,
    "rnnlab-javascript": JavaScriptTranslator,
    "javascript": JavaScriptTranslator,
}.items():
    papermill_translators.register(_name, _translator)
