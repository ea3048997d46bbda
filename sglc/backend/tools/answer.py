"""An HTTP answer -> a value of the tool's result type, or one ToolError that says what was found and expected."""

from __future__ import annotations

import codecs
import email.utils
import re
import time
from typing import Any

import msgspec

from sglc.backend.tools.errors import ToolError, one_line
from sglc.backend.tools.fit import fit
from sglc.ir.decode import ConformError
from sglc.ir.tools import ToolSpec
from sglc.ir.types import RegexType, StrType, Type, TypeTable, UnionType

# Encodings of text. Python knows more (zlib, idna, punycode), which a server could misuse to make us work.
_CHARSETS = re.compile(
    r"utf-?(8|16|32)(-sig|-[lb]e)?|ascii|latin-?1|iso8859-\d+|cp\d+|gb(2312|k|18030)|big5\w*|euc_\w+|shift_jis\w*|koi8-\w"
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_HINTS = {
    401: "check the credentials in `headers=`",
    403: "check the credentials in `headers=`",
    404: "check the url and the arguments",
    405: "check the method",
    429: "call less often, or give `retry=`",
}


class Answer(msgspec.Struct, frozen=True):
    """What a server sent. `location` is the target of a redirect; `shown` is the request as the program wrote it."""

    status: int
    content_type: str
    charset: str | None
    location: str | None
    retry_after: str | None
    body: bytes
    shown: str


def decode(answer: Answer, tool: ToolSpec, table: TypeTable) -> Any:
    """The value that the answer holds."""
    if not 200 <= answer.status < 300:
        raise _status_error(answer, tool)
    if not answer.body:
        found: Any = "" if _takes_text(tool.result) else None
    elif _takes_text(tool.result) and not _is_json(answer.content_type):
        found = _text(answer, tool)
    else:
        found = _json(answer, tool)
    try:
        return fit(found, tool.result, table)
    except ConformError as error:
        empty = "an empty answer" if not answer.body else "the answer"
        message = f"{empty} of {answer.shown} does not fit `{tool.result}`: {error}"
        hint = "declare the type that the server really answers"
        raise ToolError("shape", one_line(message, 400), tool=tool.name, hint=hint) from None


def _status_error(answer: Answer, tool: ToolSpec) -> ToolError:
    try:
        body = one_line(_decoded(answer))
    except (LookupError, UnicodeError):
        body = ""
    message = f"status {answer.status} from {answer.shown}" + (f": {body}" if body else "")
    hint = _HINTS.get(answer.status, "look into the server's log" if answer.status >= 500 else "")
    pause = _retry_after(answer.retry_after)
    return ToolError("status", message, tool=tool.name, status=answer.status, hint=hint, retry_after=pause)


def _retry_after(text: str | None) -> float | None:
    """Seconds from now: the header gives a number of them or a date."""
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _takes_text(type_: Type) -> bool:
    if isinstance(type_, UnionType):
        return any(map(_takes_text, type_.members))
    return isinstance(type_, StrType | RegexType)


def _is_json(content_type: str) -> bool:
    return content_type == "application/json" or content_type.endswith("+json")


def _text(answer: Answer, tool: ToolSpec) -> str:
    try:
        return _decoded(answer)
    except (LookupError, UnicodeError):
        charset = answer.charset or "utf-8"
        message = f"the answer of {answer.shown} is not text in the encoding {one_line(charset, 30)}"
        raise ToolError("shape", message, tool=tool.name, hint="the server must name its encoding") from None


def _decoded(answer: Answer) -> str:
    for mark, name in _BYTE_ORDER_MARKS:
        if answer.body.startswith(mark):
            return answer.body.decode(name).removeprefix("\ufeff")
    name = codecs.lookup(answer.charset or "utf-8").name
    if not _CHARSETS.fullmatch(name):
        raise LookupError(name)
    return answer.body.decode(name)


def _json(answer: Answer, tool: ToolSpec) -> Any:
    text = _text(answer, tool)
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        problem = "it is nested too deeply"
    except (msgspec.MsgspecError, UnicodeError):
        problem = f"it begins with {one_line(text, 60)!r}"
    message = f"the answer of {answer.shown} is not JSON: {problem}"
    raise ToolError("shape", message, tool=tool.name, hint=f"expected JSON for `{tool.result}`") from None
