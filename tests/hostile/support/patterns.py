"""Every regular expression of function.scan with the texts that would cost it the most; prints them as JSON.

python -m tests.hostile.support.patterns

`re.compile` and its sisters are watched while the modules are loaded and a few files are read, so that
patterns made of a file's own delimiter are there too. The texts come from each pattern's own tree: what leads
to a repetition, what it repeats, and something on which it fails.
"""

import ast
import json
import re
import sys
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.hostile.support.pumps import pumps

SCAN = Path(__file__).parents[3] / "function" / "scan"
SISTERS = ("compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer")
SAMPLES = (
    b'a,b\n1,"x\ny"\n"",2\n\n,\n3,4\na,b\n"q"" q",5\n6,\n' * 50,
    b"a;b;c\n1;'x';2\n;;\n3;'y';4\n" * 50,
    b'a|b\n"x \\" y"|1\n"never closed|2\n' + b"3|4\n" * 20000,
    b"name    size   at\nx y     1      2024-01-01T10:00:00+01:00\n" * 30,
    b"a::b\n1::2\n" * 30,
    b"t\n2024-01-01T10:00:00.5+01:00\n2024-01-02 10:00Z\n",
    b"t,u\n" + b"".join(b"%02d/01/2024,%02d.02.2024 10:00\n" % (day, day) for day in range(1, 29)),
    b"\xef\xbb\xbfa,b\n\xc3\xa9,2\n",
    b'a,b\n1, "x\ny"\n' * 20 + b'1,"5" pipe"\n' + b"1,2\n" * 20,
)


def calls() -> set[tuple[str, int]]:
    """Where the scan makes or uses a pattern by a function of `re`."""
    found = set()
    for path in SCAN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in SISTERS
            ):
                found.add((str(path), node.lineno))
    return found


def names() -> dict[tuple[str, int], str]:
    """By the line of a pattern's making: the variable or property that holds it."""
    found: dict[tuple[str, int], str] = {}
    for path in SCAN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return):
                        for line in range(inner.lineno, (inner.end_lineno or inner.lineno) + 1):
                            found.setdefault((str(path), line), node.name)
            if isinstance(node, ast.Assign):
                target = node.targets[0]
                name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    found[str(path), line] = name
    return found


def scoped(path: Path | str, name: str) -> str:
    """A private constant is its module's own: others may have one of the same name."""
    return f"{path}:{name}" if name.startswith("_") and name.isupper() else name


def uses() -> dict[str, set[str]]:
    """By the name of a pattern, as `scoped` gives it: the methods of it that are used in the scan."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in SCAN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in SISTERS:
                owner = node.value
                if isinstance(owner, ast.Name) and owner.id.islower() and not owner.id.startswith("_"):
                    continue  # a text, or a pattern that goes by another name there
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                if isinstance(owner, ast.Call):  # re.compile(...).fullmatch
                    name = f"{path}:{owner.lineno}"
                found[scoped(path, name)].add(node.attr)
    return found


class Watch:
    """Notes the patterns that `function.scan` gives to `re`."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, int], set[tuple[Any, int]]] = defaultdict(set)
        self.methods: dict[tuple[str, int], set[str]] = defaultdict(set)
        for sister in SISTERS:
            setattr(re, sister, self._watched(sister, getattr(re, sister)))

    def _watched(self, name: str, real: Any) -> Any:
        def call(pattern: Any, *args: Any, **kwargs: Any) -> Any:
            caller = sys._getframe(1)
            if SCAN in Path(caller.f_code.co_filename).parents and not isinstance(pattern, re.Pattern):
                flags = args[0] if name == "compile" and args else kwargs.get("flags", 0)
                where = (caller.f_code.co_filename, caller.f_lineno)
                self.seen[where].add((pattern, int(flags)))
                self.methods[where].add(name)
            return real(pattern, *args, **kwargs)

        return call


def main() -> None:
    watch = Watch()
    from function.domain.instructions import Options
    from function.scan import scan
    from function.scan.syntax.grammar import Grammar

    for module in sorted(SCAN.rglob("[!_]*.py")):
        __import__(".".join(module.relative_to(SCAN.parents[1]).with_suffix("").parts))
    from tests.support.parts.in_parts import in_parts

    for sample in SAMPLES:
        scan([sample], Options(max_rejected=None, max_ragged=None))
        in_parts(sample, 1 + len(sample) // 3, Options())
    for grammar in (Grammar(","), Grammar("::", "'"), Grammar("|", '"', "\\"), Grammar(" ", None, run=2)):
        for name, attribute in vars(Grammar).items():
            if isinstance(attribute, cached_property):
                getattr(grammar, name)
    held, used = names(), uses()
    found = []
    for where, patterns in watch.seen.items():
        made = watch.methods[where] - {"compile"}
        alone = used[f"{where[0]}:{where[1]}"]
        by_name = used[scoped(where[0], held.get(where, ""))]
        methods = made or alone or by_name or {"match"}  # by another name: grammar.field
        for pattern, flags in patterns:
            text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
            tree = re._parser.parse(text, flags)  # type: ignore[attr-defined]
            found.append(
                {
                    "where": f"{Path(where[0]).name}:{where[1]}",
                    "pattern": text,
                    "bytes": isinstance(pattern, bytes),
                    "flags": flags,
                    "methods": sorted({each if "match" in each else "search" for each in methods}),
                    "pumps": sorted(set(pumps(tree))),
                }
            )
    unseen = sorted(f"{Path(path).name}:{line}" for path, line in calls() - set(watch.seen))
    json.dump({"patterns": found, "unseen": unseen}, sys.stdout)


if __name__ == "__main__":
    main()
