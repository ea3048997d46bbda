"""tokenizer.json -> text to token ids and back, byte for byte; what a text holds never becomes a control token.

Uses the `tokenizers` library alone, so that the compile side may tokenize constants without loading transformers.
"""

from __future__ import annotations

import codecs
import copy
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tokenizers

from sglc.backend.engine.interface import EngineError
from sglc.backend.engine.model_folder import bad_model, read_json

THINK_MARKS = ("<think>", "</think>")
"""Marks of a model's reasoning. They are read as text even where the tokenizer calls them special."""

_DROPPED_NORMALIZERS = {"Prepend", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents", "Precompiled"}
# Sections of tokenizer.json that stand for "nothing added, nothing cut".
_NO_EXTRAS: dict[str, Any] = {"post_processor": None, "truncation": None, "padding": None}


class Tokenizer:
    """Text <-> token ids of one model.

    tokens: the bytes of each id, b"" for control ids. control: text -> id of every added token that only a chat
    template may place. bos_ids: what starts a plain prompt. end_ids: what ends a turn, as the folder's files say.
    names: `bos_token` and the like, for chat templates. hash: of tokenizer.json, so that stored ids can be checked.
    """

    def __init__(self, spec: dict[str, Any], config: dict[str, Any] | None = None, end_ids: Iterable[int] = ()) -> None:
        config = config or {}
        self.names = _token_names(config)
        self.hash = hashlib.sha256(_canonical(spec)).hexdigest()
        added = {token["content"]: token for token in spec.get("added_tokens") or ()}
        self._full = _build(spec | {"truncation": None, "padding": None})
        self._plain = _build(_plain_spec(spec))
        special = {text for text, token in added.items() if token.get("special")} | set(self.names.values())
        special -= set(THINK_MARKS)
        self.control = {text: int(t["id"]) for text, t in added.items() if t.get("special") or not _is_blank(text)}
        self.tokens = self._token_bytes(spec, special)
        self._control_ids = frozenset(self.control.values()) | {i for i, t in enumerate(self.tokens) if not t}
        by_id = reversed(list(enumerate(self.tokens)))  # the lowest of equal ids wins
        self._spellings = {token: i for i, token in by_id if i not in self._control_ids}
        self._longest = max(map(len, self._spellings), default=0)
        self._control_text = _alternation(self.control)
        self.bos_ids = self._find_bos(config)
        self.end_ids = tuple(dict.fromkeys([*end_ids, *self._ids_of(self.names.get("eos_token"))]))

    @classmethod
    def load(cls, folder: Path) -> Tokenizer:
        """Raises EngineError("bad_model") that names the file at fault."""
        path = folder / "tokenizer.json"
        spec = read_json(path, "the fast tokenizer")
        settings = ("special_tokens_map.json", "tokenizer_config.json")
        config = {
            k: v for n in settings for k, v in read_json(folder / n, "tokenizer settings", required=False).items()
        }
        ends: list[int] = []
        for name in ("generation_config.json", "config.json"):
            ids = read_json(folder / name, "the model's settings", required=False).get("eos_token_id")
            ends += [i for i in (ids if isinstance(ids, list) else [ids]) if isinstance(i, int)]
        try:
            return cls(spec, config, ends)
        except EngineError:
            raise
        except Exception as error:  # `tokenizers` raises plain Exception for whatever it cannot read
            raise bad_model(f"{path} is not a tokenizer that the `tokenizers` library can read: {error}") from None

    def encode(self, text: str) -> tuple[int, ...]:
        """The ids of `text` as plain text: nothing is added, normalized or taken for a control token."""
        if not text:
            return ()
        ids = self._encode_plain(text)
        if ids is None and self._control_text.search(text):
            # Some tokenizers match a control token's spelling inside text; spell just those stretches out.
            parts = [self._encode_plain(p) or self.spell(p.encode()) for p in self._control_text.split(text) if p]
            return tuple(i for part in parts for i in part)
        return ids if ids is not None else self.spell(text.encode())

    def encode_bytes(self, raw: bytes) -> tuple[int, ...]:
        """The ids of bytes that may begin or end inside a character."""
        try:
            return self.encode(raw.decode())
        except UnicodeDecodeError:
            return self.spell(raw)

    def encode_control(self, text: str) -> tuple[int, ...]:
        """The ids of a chat template's own text, in which control tokens count. It continues what is before it."""
        first = self._control_text.search(text)
        if first is None:
            return self.encode(text)
        # A tokenizer that puts a blank before a text would also put one here, where no text begins.
        rest = self._full.encode(text[first.start() :], add_special_tokens=False).ids
        return (*self.encode(text[: first.start()]), *rest)

    def spell(self, raw: bytes) -> tuple[int, ...]:
        """The ids of `raw`, longest token first; not what a tokenizer would choose, but exact."""
        ids: list[int] = []
        start = 0
        while start < len(raw):
            ends = range(min(len(raw), start + self._longest), start, -1)
            end = next((e for e in ends if raw[start:e] in self._spellings), None)
            if end is None:
                raise EngineError("impossible", f"the model's tokenizer has no token for byte 0x{raw[start]:02x}")
            ids.append(self._spellings[raw[start:end]])
            start = end
        return tuple(ids)

    def decode(self, ids: Sequence[int]) -> bytes:
        """The bytes of the ids; control ids have none."""
        return b"".join(self.tokens[i] for i in ids)

    def spell_out(self, ids: Sequence[int]) -> str:
        """The ids as a reader should see them, control tokens included."""
        raw = b"".join(self.tokens[i] or (self._full.id_to_token(i) or f"<{i}>").encode() for i in ids)
        return raw.decode(errors="replace")

    def _encode_plain(self, text: str) -> tuple[int, ...] | None:
        """None if the tokenizer's answer holds a control token or does not spell exactly `text`."""
        ids = self._plain.encode(text, add_special_tokens=False).ids
        if not self._control_ids.isdisjoint(ids) or self.decode(ids) != text.encode():
            return None
        return tuple(ids)

    def _token_bytes(self, spec: dict[str, Any], special: set[str]) -> list[bytes]:
        size = 1 + max(self._full.get_vocab(with_added_tokens=True).values(), default=-1)
        names = [self._full.id_to_token(i) for i in range(size)]
        added = {token["content"] for token in spec.get("added_tokens") or ()}
        to_bytes = _bytes_of(spec)
        unknown = _unknown_token(spec["model"])
        return [
            b"" if n is None or n in special or n == unknown else n.encode() if n in added else to_bytes(n)
            for n in names
        ]

    def _find_bos(self, config: dict[str, Any]) -> tuple[int, ...]:
        """What the tokenizer puts before a text: what its post-processor adds, unless the settings say otherwise."""
        declared = self._ids_of(self.names.get("bos_token"))
        if config.get("add_bos_token") is not None:
            return tuple(declared) if config["add_bos_token"] else ()
        ids = self._full.encode("a", add_special_tokens=True).ids
        front = next((n for n, i in enumerate(ids) if self.tokens[i]), 0)
        return tuple(ids[:front])

    def _ids_of(self, name: str | None) -> list[int]:
        token = None if name is None else self._full.token_to_id(name)
        return [] if token is None else [token]


class TextStream:
    """Bytes in pieces -> text in pieces that never split a character."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def push(self, raw: bytes) -> str:
        return self._decoder.decode(raw)


def _build(spec: dict[str, Any]) -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_str(_canonical(spec).decode())


def _canonical(spec: dict[str, Any]) -> bytes:
    # Not msgspec: lone surrogates, which some vocabularies hold, must survive as escapes.
    return json.dumps(spec, ensure_ascii=True, separators=(",", ":")).encode()


def _plain_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """The tokenizer without control tokens, without a blank put before the text, and without normalization.

    Added tokens that are nothing but blanks stay: some models were trained on indentation in that form.
    """
    blank = [t for t in spec.get("added_tokens") or () if not t.get("special") and _is_blank(t["content"])]
    plain = copy.deepcopy(spec) | _NO_EXTRAS | {"added_tokens": blank}
    plain["normalizer"] = _filter_parts(plain.get("normalizer"), "normalizers")
    plain["pre_tokenizer"] = _filter_parts(plain.get("pre_tokenizer"), "pretokenizers")
    built = _build(plain)
    if any(built.token_to_id(t["content"]) != t["id"] for t in blank):
        plain["added_tokens"] = []  # their ids depend on tokens that were dropped
    return plain


def _filter_parts(part: dict[str, Any] | None, key: str) -> dict[str, Any] | None:
    if part is None or part["type"] in _DROPPED_NORMALIZERS:
        return None
    if part["type"] == "Sequence":
        kept = [p for p in (_filter_parts(p, key) for p in part[key]) if p is not None]
        return part | {key: kept}
    if part["type"] == "Metaspace":
        return part | {"prepend_scheme": "never", "add_prefix_space": False}
    return part | {"add_prefix_space": False} if "add_prefix_space" in part else part


def _bytes_of(spec: dict[str, Any]) -> Any:
    """The function from a token's name to its bytes, by the kind of tokenizer."""
    kinds = set(_types(spec.get("decoder"))) | set(_types(spec.get("pre_tokenizer")))
    if "ByteLevel" in kinds:
        table = _byte_level_alphabet()
        return lambda name: bytes(table[c] for c in name) if all(c in table for c in name) else name.encode()
    if "Metaspace" in kinds or "ByteFallback" in kinds or "▁" in str(spec.get("normalizer")):
        byte = re.compile(r"<0x([0-9A-Fa-f]{2})>")
        return lambda name: bytes([int(m[1], 16)]) if (m := byte.fullmatch(name)) else name.replace("▁", " ").encode()
    raise bad_model(
        "tokenizer.json is neither a byte-level nor a SentencePiece-style tokenizer",
        "sglc needs to know the exact bytes of every token; use a model with one of these two kinds",
    )


def _types(part: Any) -> list[str]:
    """The `type` of a part of tokenizer.json and of the parts inside it."""
    if not isinstance(part, dict):
        return []
    inner = [p for key in ("pretokenizers", "decoders", "normalizers") for p in part.get(key) or ()]
    return [str(part.get("type")), *(t for p in inner for t in _types(p))]


def _byte_level_alphabet() -> dict[str, int]:
    """GPT-2's printable stand-in for each byte: printable Latin-1 stands for itself, the rest follow from U+0100."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [b for b in range(256) if b not in shown]
    return {chr(b): b for b in shown} | {chr(0x100 + n): b for n, b in enumerate(hidden)}


def _token_names(config: dict[str, Any]) -> dict[str, str]:
    """`bos_token`, `eos_token` and the like of tokenizer_config.json: each a text or an object with its `content`."""
    named = {key: v.get("content") if isinstance(v, dict) else v for key, v in config.items() if key.endswith("_token")}
    return {key: value for key, value in named.items() if isinstance(value, str) and value}


def _unknown_token(model: dict[str, Any]) -> str | None:
    """The token that stands for what the vocabulary cannot write."""
    if isinstance(model.get("unk_id"), int):
        return str(model["vocab"][model["unk_id"]][0])
    return model.get("unk_token")


def _alternation(texts: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})" if longest_first else r"(?!)")


def _is_blank(text: str) -> bool:
    return not text.strip("▁ \t\r\n")
