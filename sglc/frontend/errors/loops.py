"""Diagnostics 401, 406 to 410 and 414: loops and forks, what they collect. A class is a code, its docstring its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class LoopWithoutBound(Diagnostic, frozen=True, kw_only=True):
    """Every loop has a bound, so that a program always ends and its cost is known. A `for` has its list.

    Wrong:
        def think(question: str) -> str:
            "{question}\\n"
            loop:
                "{gen line: str with max_tokens=20, stop="\\n"}\\n"
                if line == "":
                    break
            return line

    Right:
        def think(question: str) -> str:
            "{question}\\n"
            loop max 8:
                "{gen line: str with max_tokens=20, stop="\\n"}\\n"
                if line == "":
                    break
            return line
    """

    code = "SGL401"
    title = "`{word}` has no bound"
    label = "may run forever"
    hint = "write `{better}`, say"
    word: str
    better: str


class JumpOutside(Diagnostic, frozen=True, kw_only=True):
    """`break` and `continue` belong to a loop of the same function. Where values are collected, each item gives one.

    Wrong:
        def lengths(words: list[str]) -> list[int]:
            out = for word in words:
                if word == "":
                    continue
                yield len(word)
            return out

    Right:
        def lengths(words: list[str]) -> list[int]:
            out = for word in words:
                if word == "":
                    yield 0
                else:
                    yield len(word)
            return out
    """

    code = "SGL406"
    title = "`{word}` {problem}"
    label = "{where}"
    hint = "{help}"
    word: str
    problem: str
    where: str
    help: str


class ReturnInside(Diagnostic, frozen=True, kw_only=True):
    """A branch of a fork, an iteration that is collected or a document gives a value; it cannot end the function.

    Wrong:
        def first(words: list[str]) -> list[int]:
            sizes = fork word in words:
                return [len(word)]
            return sizes

    Right:
        def first(words: list[str]) -> list[int]:
            sizes = fork word in words:
                yield len(word)
            return sizes
    """

    code = "SGL407"
    title = "`return` inside of {where}"
    label = "cannot end the function"
    hint = "{help}"
    where: str
    help: str


class YieldMissing(Diagnostic, frozen=True, kw_only=True):
    """Each branch or iteration that is collected gives one value; on some path of this one there is none.

    Wrong:
        def lengths(words: list[str]) -> list[int]:
            out = fork word in words:
                if word != "":
                    yield len(word)
            return out

    Right:
        def lengths(words: list[str]) -> list[int]:
            out = fork word in words:
                if word != "":
                    yield len(word)
                else:
                    yield 0
            return out
    """

    code = "SGL408"
    title = "{problem}"
    label = "`{name}` would lack a value"
    hint = "{help}"
    problem: str
    name: str
    help: str = "end every path with `yield` or `fail`"


class YieldTwice(Diagnostic, frozen=True, kw_only=True):
    """Each branch or iteration gives one value; several go into a tuple or a list.

    Wrong:
        def pairs(words: list[str]) -> list[str]:
            out = fork word in words:
                yield word
                yield word.upper()
            return out

    Right:
        def pairs(words: list[str]) -> list[tuple[str, str]]:
            out = fork word in words:
                yield (word, word.upper())
            return out
    """

    code = "SGL409"
    title = "second `yield` on one path"
    label = "{where}"
    hint = "{help}"
    where: str = "one value was yielded already"
    help: str = "yield both in a tuple or a list"


class YieldOutside(Diagnostic, frozen=True, kw_only=True):
    """`yield` gives the value of the innermost fork or for, which must collect it under a name.

    Wrong:
        def lengths(words: list[str]) -> int:
            fork word in words:
                yield len(word)
            return len(words)

    Right:
        def lengths(words: list[str]) -> int:
            out = fork word in words:
                yield len(word)
            return sum(out)
    """

    code = "SGL410"
    title = "nothing collects this `yield`"
    label = "{where}"
    hint = "{help}"
    where: str
    help: str


class BadBound(Diagnostic, frozen=True, kw_only=True):
    """A bound is a whole number that is known when the program is compiled, so that the cost is known, too.

    Wrong:
        def think(steps: int) -> int:
            count = 0
            loop max steps:
                count = count + 1
            return count

    Right:
        def think(steps: int(max=8)) -> int:
            count = 0
            loop max 8:
                if count == steps:
                    break
                count = count + 1
            return count
    """

    code = "SGL414"
    title = "`{word}` must be a constant whole number from 1 to {limit:,}"
    label = "{found}"
    hint = "{help}"
    word: str
    limit: int
    found: str
    help: str


class EncodeOnlyText(Diagnostic, frozen=True, kw_only=True):
    """`encode` appends the text of documents that do not see each other; nothing can be generated or called there.

    Wrong:
        def shorten(text: str) -> str:
            return text[:500]

        def ask(docs: list[str], question: str) -> str:
            user:
                encode doc in docs: "Document:\\n{shorten(doc)}\\n"
                "{question}"
            assistant: gen answer: str with max_tokens=30
            return answer

    Right:
        def shorten(text: str) -> str:
            return text[:500]

        def ask(docs: list[str], question: str) -> str:
            short = [shorten(doc) for doc in docs]
            user:
                encode doc in short: "Document:\\n{doc}\\n"
                "{question}"
            assistant: gen answer: str with max_tokens=30
            return answer
    """

    code = "SGL419"
    title = "`encode` takes only text"
    label = "not text"
    hint = "{help}"
    help: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    LoopWithoutBound, JumpOutside, ReturnInside, YieldMissing, YieldTwice, YieldOutside, BadBound, EncodeOnlyText,
)  # fmt: skip
