"""Plan <-> the bytes of one `.sglx` file: magic, versions, a checksum, and the plan as msgpack. Equal plans give equal bytes.

    SGLX\\r\\n\\x1a\\n | format u16 | length u8 + version of sglc | SHA-256 of what follows | length u64 | msgpack

Loading decodes into the Structs of plan.py and checks every number in them; nothing of a file is ever run or imported.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from sglc import __version__
from sglc.backend.engine.interface import Engine
from sglc.backend.plan import Plan, constant_texts
from sglc.backend.plan_check import PlanProblem, check_plan
from sglc.backend.prompt import Tokens

MAGIC = b"SGLX\r\n\x1a\n"
FORMAT = 1
MAX_BYTES = 512 << 20


class ArtifactError(Exception):
    """A file that cannot be read as an artifact. `kind`: "unreadable", "foreign", "version", "truncated", "damaged",
    "too_large"."""

    def __init__(self, kind: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.kind, self.message, self.hint = kind, message, hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class TokenSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ids of constant texts in one model's tokenizer, made at compile time. `model`: the declared name, "" the
    default."""

    model: str
    tokenizer_hash: str
    texts: tuple[tuple[str, tuple[int, ...]], ...]


class Artifact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file holds."""

    plan: Plan
    tokens: tuple[TokenSection, ...] = ()

    def tokens_for(self, engines: Mapping[str, Engine]) -> tuple[dict[str, Tokens], list[str]]:
        """Token ids that fit the engines, and a line about each section that was made with another tokenizer."""
        usable: dict[str, Tokens] = {}
        notes = []
        for section in self.tokens:
            engine = engines.get(section.model)
            if engine is None:
                continue
            if engine.info.tokenizer_hash == section.tokenizer_hash:
                usable[section.model] = dict(section.texts)
            else:
                named = f"model `{section.model}`" if section.model else "the default model"
                notes.append(f"compiled for another tokenizer than that of {named}: its token ids are not used")
        return usable, notes


def token_section(plan: Plan, model: str, tokenizer_hash: str, encode: Callable[[str], Sequence[int]]) -> TokenSection:
    """The ids of the plan's constant texts for one model; `encode` is its tokenizer."""
    return TokenSection(model, tokenizer_hash, tuple((text, tuple(encode(text))) for text in constant_texts(plan)))


def to_bytes(plan: Plan, tokens: Iterable[TokenSection] = ()) -> bytes:
    body = msgspec.msgpack.encode(Artifact(plan, tuple(tokens)))
    version = __version__.encode()
    head = MAGIC + struct.pack(">HB", FORMAT, len(version)) + version
    return head + hashlib.sha256(body).digest() + struct.pack(">Q", len(body)) + body


def from_bytes(content: bytes, name: str = "the file") -> Artifact:
    """Raises ArtifactError."""
    reader = _Reader(content, name)
    if not reader.take(len(MAGIC), foreign=True) == MAGIC:
        raise ArtifactError("foreign", f"{name} is no sglc artifact", "compile a .sgl file with `sglc compile`")
    (number,) = struct.unpack(">H", reader.take(2))
    version = reader.take(reader.take(1)[0]).decode("utf-8", "replace")
    if not re.fullmatch(r"[0-9A-Za-z.+-]+", version):
        raise ArtifactError("damaged", f"{name} is damaged: it names no version", "compile the program again")
    if number != FORMAT or version != __version__:
        made = f"{name} was made by sglc {version} (format {number}); this is sglc {__version__} (format {FORMAT})"
        raise ArtifactError("version", made, "compile the program again with this version")
    checksum = reader.take(32)
    (length,) = struct.unpack(">Q", reader.take(8))
    body = reader.take(length)
    if reader.rest or hashlib.sha256(body).digest() != checksum:
        raise ArtifactError("damaged", f"{name} is damaged: its checksum does not fit", "compile the program again")
    return _decode(body, name)


def _decode(body: bytes, name: str) -> Artifact:
    try:
        artifact = msgspec.msgpack.decode(body, type=Artifact)
        check_plan(artifact.plan)
    except (msgspec.DecodeError, PlanProblem, RecursionError, ValueError, OverflowError) as error:
        raise ArtifactError("damaged", f"{name} holds no valid plan: {error}", "compile the program again") from None
    return artifact


class _Reader:
    def __init__(self, content: bytes, name: str) -> None:
        self._content, self._name, self._at = content, name, 0

    @property
    def rest(self) -> int:
        return len(self._content) - self._at

    def take(self, count: int, *, foreign: bool = False) -> bytes:
        if count > self.rest and not foreign:
            message = f"{self._name} is cut off after {len(self._content)} bytes"
            raise ArtifactError("truncated", message, "compile the program again")
        taken = self._content[self._at : self._at + count]
        self._at += count
        return taken


def load(path: str | os.PathLike[str]) -> Artifact:
    """Raises ArtifactError."""
    file = Path(path)
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise ArtifactError("too_large", f"{file} has {size} bytes, an artifact has at most {MAX_BYTES}")
        content = file.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ArtifactError("unreadable", f"cannot read {file}: {reason}") from None
    return from_bytes(content, str(file))
