"""Diagnostics 400 to 419: control flow and cost. Each class is one code; its docstring is its page."""

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
    hint = "write `max 10` before the colon, say"
    word: str


class RecursionWithoutBound(Diagnostic, frozen=True, kw_only=True):
    """Functions that call each other in a circle need a depth, so that a program always ends. One call deeper fails.

    Wrong:
        def plan(goal: str, level: int) -> list[str]:
            if level == 0:
                return [goal]
            return plan("first half of {goal}", level - 1) + plan("second half of {goal}", level - 1)

    Right:
        def plan(goal: str, level: int) -> list[str] max 4:
            if level == 0:
                return [goal]
            return plan("first half of {goal}", level - 1) + plan("second half of {goal}", level - 1)
    """

    code = "SGL402"
    title = "recursion of `{name}` has no bound"
    label = "{cycle}"
    hint = "write `max 5` before the colon, say"
    name: str
    cycle: str


class NotExhaustive(Diagnostic, frozen=True, kw_only=True):
    """A match leaves out values, for which nothing would happen.

    Wrong:
        enum Intent: refund | parcel | other

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case parcel: return "post"
            return ""

    Right:
        enum Intent: refund | parcel | other

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case parcel: return "post"
                case other: return "front desk"
    """

    code = "SGL403"
    title = "match does not cover {missing}"
    label = "not exhaustive"
    hint = "{help}"
    missing: str
    help: str = "add the missing cases, or `case _:`"


class UnreachableCase(Diagnostic, frozen=True, kw_only=True):
    """A case can never be chosen, since earlier cases take all of its values. Its lines look as if they counted.

    Wrong:
        enum Intent: refund | parcel

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case parcel: return "post"
                case _: return "front desk"

    Right:
        enum Intent: refund | parcel

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case parcel: return "post"
    """

    code = "SGL404"
    title = "case is never chosen"
    label = "earlier cases take all its values"
    hint = "remove it, or move it up"
    severity = "warning"


class UnreachableCode(Diagnostic, frozen=True, kw_only=True):
    """Nothing reaches these lines, because all paths have left the block before.

    Wrong:
        def first(words: list[str]) -> str:
            return words[0]
            "The first word is {words[0]}."

    Right:
        def first(words: list[str]) -> str:
            "The first word is {words[0]}."
            return words[0]
    """

    code = "SGL405"
    title = "unreachable code"
    label = "after {word}, which leaves the block"
    hint = "remove it, or move it up"
    severity = "warning"
    word: str


class JumpOutside(Diagnostic, frozen=True, kw_only=True):
    """`break` and `continue` belong to a loop of the same function. Branches and iterations that yield go on to the end.

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
    title = "`{word}` has no loop to leave"
    label = "{where}"
    hint = "{help}"
    word: str
    where: str
    help: str = ""


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
    hint = "write `yield value`, and return behind it"
    where: str


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
    title = "a path of this `{kind}` does not yield"
    label = "`{name}` would lack a value"
    hint = "end every path with `yield` or `fail`"
    name: str
    kind: str


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
    label = "one value was yielded already"
    hint = "yield both in a tuple or a list"


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
    help: str = ""


class NothingToRetry(Diagnostic, frozen=True, kw_only=True):
    """`retry` runs a generation again, and this condition depends on none in the same block.

    It goes back to the earliest statement of its block that generates what the condition uses, directly or through
    plain assignments. Role blocks do not count as blocks of their own.

    Wrong:
        def order(message: str) -> str:
            user: "Copy the order number. {message}"
            assistant: gen number: re"[0-9]{4}"
            if len(message) > 4:
                ensure number in message, "copy it from the message" retry 2
            return number

    Right:
        def order(message: str) -> str:
            user: "Copy the order number. {message}"
            assistant: gen number: re"[0-9]{4}"
            ensure number in message, "copy it from the message" retry 2
            return number
    """

    code = "SGL411"
    title = "nothing to retry"
    label = "no generation of this block decides it"
    hint = "{help}"
    help: str = "put the `ensure` behind the generation, in the same block"


class RetryRepeatsEffect(Diagnostic, frozen=True, kw_only=True):
    """A retry would run a tool with an effect again: a second order, a second mail.

    Tools have an effect unless they are GET or HEAD requests or say `effect=false`.

    Wrong:
        tool send(text: str) -> bool:
            http POST "https://example.com/send" with body=text

        def tell(name: str) -> str:
            user: "Write one line to {name}."
            assistant: gen line: str with max_tokens=30
            sent = send(line)
            ensure name in line, "name the person" retry 2
            return line

    Right:
        tool send(text: str) -> bool:
            http POST "https://example.com/send" with body=text

        def tell(name: str) -> bool:
            user: "Write one line to {name}."
            assistant: gen line: str with max_tokens=30
            ensure name in line, "name the person" retry 2
            return send(line)
    """

    code = "SGL412"
    title = "retry would repeat `{tool}`, which has an effect"
    label = "starts again before it"
    hint = "move it behind the `ensure`, or declare the tool with effect=false"
    tool: str


class RetryTellsNothing(Diagnostic, frozen=True, kw_only=True):
    """The same text would be generated again: nothing is told without roles, and decoding is greedy by default.

    With roles the model reads its failed answer and why it failed. A called function has a context of its own, which
    is not told, so a check of its result belongs inside.

    Wrong:
        def order(message: str) -> str:
            "Message: {message}\\nOrder number: {gen number: re"[0-9]{4}"}"
            ensure number in message, "copy it from the message" retry 2
            return number

    Right:
        def order(message: str) -> str:
            user: "Copy the order number. {message}"
            assistant: gen number: re"[0-9]{4}"
            ensure number in message, "copy it from the message" retry 2
            return number
    """

    code = "SGL413"
    title = "retry would give the same text"
    label = "greedy, and the model is told nothing"
    hint = "{help}"
    help: str = ""


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
    title = "bound must be a constant from 1 to {limit}"
    label = "{found}"
    hint = "use a number or a constant"
    limit: int
    found: str


class TemplateRecursion(Diagnostic, frozen=True, kw_only=True):
    """Templates are put in place where they are used, so they cannot use themselves, also not through each other.

    Wrong:
        template ask(question: str):
            user: question
            use ask("And then?")

        def start():
            use ask("What first?")

    Right:
        template ask(question: str):
            user: question

        def start():
            use ask("What first?")
            use ask("And then?")
    """

    code = "SGL415"
    title = "template `{name}` uses itself"
    label = "{cycle}"
    hint = "write a loop, or a `def` with `max`"
    name: str
    cycle: str


class SessionTurns(Diagnostic, frozen=True, kw_only=True):
    """A session has exactly one turn: what happens for each message.

    Wrong:
        session chat():
            state turns: int = 0
            system: "You are a friendly helper."

    Right:
        session chat():
            state turns: int = 0
            system: "You are a friendly helper."
            turn(msg: str) -> str:
                user: msg
                assistant: gen reply: str with max_tokens=50
                turns = turns + 1
                return reply
    """

    code = "SGL416"
    title = "session `{name}` has {count}"
    label = "exactly one turn is expected"
    hint = "write one `turn(...) -> T:`"
    name: str
    count: str


class Misplaced(Diagnostic, frozen=True, kw_only=True):
    """A statement that does not belong here: `expect` outside of tests, `return` in a test or before a retry.

    Wrong:
        def half(number: int) -> int:
            expect number % 2 == 0
            return number // 2

    Right:
        def half(number: int) -> int:
            ensure number % 2 == 0, "the number must be even"
            return number // 2
    """

    code = "SGL417"
    title = "`{word}` is not allowed here"
    label = "{where}"
    hint = "{help}"
    word: str
    where: str
    help: str = ""


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
    hint = "compute it before, and insert the value"


class CaseType(Diagnostic, frozen=True, kw_only=True):
    """A case names something that the subject never is. Cases are literals, enum members, record types and tools.

    Wrong:
        enum Intent: refund | other

        def route(intent: Intent) -> str:
            match intent:
                case "refund": return "money"
                case _: return "front desk"

    Right:
        enum Intent: refund | other

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case _: return "front desk"
    """

    code = "SGL420"
    title = "case does not fit {type}"
    label = "never equal"
    hint = "{help}"
    type: str
    help: str = ""


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    LoopWithoutBound, RecursionWithoutBound, NotExhaustive, UnreachableCase, UnreachableCode, JumpOutside, ReturnInside,
    YieldMissing, YieldTwice, YieldOutside, NothingToRetry, RetryRepeatsEffect, RetryTellsNothing, BadBound,
    TemplateRecursion, SessionTurns, Misplaced, EncodeOnlyText, CaseType,
)  # fmt: skip
