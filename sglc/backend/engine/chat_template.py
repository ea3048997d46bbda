"""A model's chat template -> what to write before each message, found by rendering probes and comparing the texts.

A template is a program that renders whole conversations; a context only ever grows. So sglc asks the template for the
text between the contents of two neighbouring messages, once for each pair of roles, and checks the result against a
full rendering. Where the two differ (a template that rewrites earlier turns), sglc appends and says so in a note.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import jinja2
import jinja2.ext
import jinja2.sandbox
import msgspec

from sglc.backend.engine.interface import ROLES, Role
from sglc.backend.engine.model_folder import bad_model, read_json
from sglc.backend.engine.tokenizer import THINK_MARKS, Tokenizer

THINK_OPEN, THINK_CLOSE = THINK_MARKS
AFTER_THOUGHT = f"{THINK_CLOSE}\n\n"
ROLE_NAMES: Mapping[Role, str] = {"system": "System", "user": "User", "assistant": "Assistant", "tool": "Tool"}
UNDATED = "2024-01-01"
"""For a template that prints a date, has no default, and was given none."""


class Opening(msgspec.Struct, frozen=True):
    """What stands before a message's content. `ids` encode `text`, control tokens as such.

    blank: a space at the end of the opening, not part of `text`. It is encoded together with the content, because a
    tokenizer joins it with the first word.
    """

    text: str
    ids: tuple[int, ...]
    blank: str = ""


class ChatFormat(msgspec.Struct, frozen=True):
    """A chat template, flattened. The end of a turn is part of the next message's opening.

    first: openings of a conversation's first message. later: openings by (role before, role). thinking: openings of an
    assistant message in which the model thinks first, by the role before (None: first message); they end inside the
    thought. In `first` and `later` a thought that the template opens is closed at once. stops: texts that end an answer
    of a model without an end-of-turn token. end_ids: the control token that closes an assistant message.
    """

    first: Mapping[Role, Opening]
    later: Mapping[tuple[Role, Role], Opening]
    thinking: Mapping[Role | None, Opening] = {}
    stops: tuple[str, ...] = ()
    end_ids: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def opening(self, before: Role | None, role: Role, thinking: bool = False) -> Opening:
        if thinking and role == "assistant" and self.thinking:
            return self.thinking[before]
        return self.first[role] if before is None else self.later[before, role]


Encode = Callable[[str], tuple[int, ...]]
Render = Callable[[list[dict[str, str]], bool, bool], str]
"""(messages, whether to open the assistant's next message, whether it should think) -> text. Raises TemplateRefusal."""


class TemplateRefusal(Exception):
    """The template refuses this order of roles, or is broken."""


class _Misplaced(TemplateRefusal):
    """The template left a message out, or wrote it somewhere else."""


def load_format(folder: Path, tokenizer: Tokenizer, date: str = "") -> ChatFormat:
    """The format of the model in `folder`. `date` (YYYY-MM-DD) is what a template that prints the date gets."""
    template = read_template(folder)
    if template is None:
        note = "the model has no chat template: messages are written as `User: ...` and `Assistant: ...`"
        return fallback_format(tokenizer.encode, tokenizer.bos_ids, note)
    try:
        try:
            return probe(make_renderer(template, tokenizer.names, date), tokenizer, template)
        except TemplateRefusal:
            if date or "strftime_now" not in template:
                raise
            found = probe(make_renderer(template, tokenizer.names, UNDATED), tokenizer, template)
            note = f"the chat template prints a date and none was given: {UNDATED} is used"
            return msgspec.structs.replace(found, notes=(*found.notes, note))
    except TemplateRefusal as error:
        note = f"the model's chat template cannot be used ({error}): messages are written as `User: ...`"
        return fallback_format(tokenizer.encode, tokenizer.bos_ids, note)


def read_template(folder: Path) -> str | None:
    """The text of the folder's (default) chat template, wherever transformers keeps it."""
    file = folder / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8", errors="replace")
    for name in ("tokenizer_config.json", "chat_template.json"):
        found = read_json(folder / name, "tokenizer settings", required=False).get("chat_template")
        if isinstance(found, list):  # several, by name
            named = {t.get("name"): t.get("template") for t in found if isinstance(t, dict)}
            found = named.get("default") or next(iter(named.values()), None)
        if isinstance(found, str):
            return found
    return None


def make_renderer(template: str, names: Mapping[str, str], date: str = "") -> Render:
    """The function that renders `template` in a sandbox. `names` are the tokenizer's special tokens.

    The clock is never read: `strftime_now` formats `date`, and is undefined without one, so that a template takes its
    own default.
    """
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols, _GenerationTag]
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _refuse
    if date:
        day = _parse_date(date)
        environment.globals["strftime_now"] = lambda layout: day.strftime(layout)
    try:
        compiled = environment.from_string(template)
    except jinja2.TemplateError as error:
        raise TemplateRefusal(f"it does not parse: {error}") from None

    def render(messages: list[dict[str, str]], open_answer: bool, think: bool) -> str:
        try:
            return compiled.render(
                **names, messages=messages, tools=None, add_generation_prompt=open_answer, enable_thinking=think
            )
        except TemplateRefusal:
            raise
        except Exception as error:  # a template is a foreign program: whatever it raises means that it refuses
            raise TemplateRefusal(str(error)) from None

    return render


def fallback_format(encode: Encode, bos_ids: tuple[int, ...] = (), note: str = "") -> ChatFormat:
    """For models without a chat template: `User: `, `Assistant: ` and so on, messages separated by an empty line."""
    first = {r: Opening(f"{n}:", bos_ids + encode(f"{n}:"), " ") for r, n in ROLE_NAMES.items()}
    between = {r: Opening(f"\n\n{n}:", encode(f"\n\n{n}:"), " ") for r, n in ROLE_NAMES.items()}
    later = {(before, role): between[role] for before in ROLES for role in ROLES}
    stops = tuple(opening.text for opening in between.values())
    return ChatFormat(first, later, stops=stops, notes=(note,) if note else ())


def probe(render: Render, tokenizer: Tokenizer, template: str = "") -> ChatFormat:
    """The format that a template follows. Raises TemplateRefusal if it cannot even render a user's message."""
    found = _Probe(render, thinks=THINK_OPEN in template)
    closing = tokenizer.encode_control(found.closings["assistant"])
    specials = [i for i in closing if not tokenizer.tokens[i]]

    def opening(text: str) -> Opening:
        bare = text.rstrip(" ")
        return Opening(bare, tokenizer.encode_control(bare), text[len(bare) :])

    return ChatFormat(
        {role: opening(text) for role, text in found.first.items()},
        {pair: opening(text) for pair, text in found.later.items()},
        {before: opening(text) for before, text in found.thinking.items()},
        end_ids=tuple(specials[:1]),
        notes=tuple(found.notes),
    )


class _Probe:
    """Renders conversations of marked messages and reads the text around the marks."""

    def __init__(self, render: Render, thinks: bool) -> None:
        self._render = render
        self.notes: list[str] = []
        # A conversation that ends in a message of the role. A role that the template lacks speaks through the user.
        self._leads: dict[Role, list[Role]] = {"user": ["user"], "assistant": ["user", "assistant"]}
        self._speaks_as: dict[Role, Role] = {role: role for role in ROLES}
        first_user = self._pieces(["user"])[0]
        self._add_role("system", ["system"], "its text starts the first user message")
        self._add_role("tool", ["user", "assistant", "tool"], "a tool's result is written as a user message")
        self.closings = {role: self._closing(role) for role in ROLES}
        self._openings = {role: self._bare_opening(role) for role in ROLES}
        self._end_merged_system()
        self._preamble = first_user.removesuffix(self._openings["user"])
        self.first = {role: self._first(role) for role in ROLES}
        self.later = {(before, role): self._between(before, role) for before in ROLES for role in ROLES}
        self.thinking: dict[Role | None, str] = {}
        self._compare()
        if thinks:
            self._split_thinking()

    def _pieces(self, roles: Sequence[Role], open_answer: bool = False, think: bool = False) -> list[str]:
        """The texts before, between and after the contents of messages of these roles."""
        marks = [f"probe{n}content" for n in range(len(roles))]
        messages = [{"role": role, "content": mark} for role, mark in zip(roles, marks, strict=True)]
        rest = self._render(messages, open_answer, think)
        pieces = []
        for role, mark in zip(roles, marks, strict=True):
            before, found, rest = rest.partition(mark)
            if not found:
                raise _Misplaced(f"it does not render a message of role {role} in its place")
            pieces.append(before)
        return [*pieces, rest]

    def _try(self, roles: Sequence[Role], open_answer: bool = False, think: bool = False) -> list[str] | None:
        try:
            return self._pieces(roles, open_answer, think)
        except TemplateRefusal:
            return None

    def _add_role(self, role: Role, lead: list[Role], otherwise: str) -> None:
        if self._try([*lead, "user"]) is not None or self._try(lead) is not None:
            self._leads[role] = lead
            return
        self._leads[role] = [*lead[:-1], "user"]
        self._speaks_as[role] = "user"
        self.notes.append(f"the model's chat template has no {role} role: {otherwise}")

    def _closing(self, role: Role) -> str:
        """What ends a message of the role, when nothing follows."""
        found = self._try(self._leads[role])
        return found[-1] if found is not None else ""

    def _end_merged_system(self) -> None:
        """Some templates write system text only together with the user message that follows: it ends like that one."""
        if self._try(self._leads["system"]) is None:
            between = self._text_between("system", "user", think=False) or ""
            opened = between.endswith(self._openings["user"])
            self.closings["system"] = between.removesuffix(self._openings["user"]) if opened else self.closings["user"]

    def _bare_opening(self, role: Role) -> str:
        """What opens a message of the role in the middle of a conversation, without the end of the message before."""
        role = self._speaks_as[role]
        before: Role = "user" if role == "assistant" else "assistant"
        found = self._text_between(before, role, think=False)
        if found is None:
            found = self._pieces([role, "user"])[0]
        return found.removeprefix(self.closings[before])

    def _first(self, role: Role) -> str:
        role = self._speaks_as[role]
        found = None if role == "assistant" else self._try([role, "user"]) or self._try([role])
        return found[0] if found is not None else self._preamble + self._openings[role]

    def _between(self, before: Role, role: Role, think: bool = False) -> str:
        if self._speaks_as["system"] == "user" and before == "system" and role in ("system", "user"):
            return "\n\n"  # one user message holds both
        found = self._text_between(self._speaks_as[before], self._speaks_as[role], think)
        return found if found is not None else self.closings[before] + self._openings[role]

    def _text_between(self, before: Role, role: Role, think: bool) -> str | None:
        """What the template writes between two messages; None if it refuses the pair."""
        lead = self._leads[before]
        # A message is followed by a user's, so that what a template does only to the last one stays out.
        found = self._try([*lead, role] if role == "user" else [*lead, role, "user"])
        history = found[len(lead)] if found is not None else None
        if role != "assistant":
            return history
        ended, opened = self._try(lead), self._try(lead, open_answer=True, think=think)
        if ended is None or opened is None:
            return history
        if history is None:
            return opened[-1] if opened[-1] != ended[-1] else None
        # A template without a generation prompt says in earlier turns only how an answer is opened.
        return history if history.startswith(opened[-1]) else opened[-1]

    def _split_thinking(self) -> None:
        """Fills `thinking`, and closes at once a thought that a template opens in `first` and `later`."""
        pairs: list[tuple[Role | None, str, str]] = [(None, self.first["assistant"], self.first["assistant"])]
        pairs += [(b, self.later[b, "assistant"], self._between(b, "assistant", think=True)) for b in ROLES]
        for before, plain, thoughtful in pairs:
            if not _inside_thought(thoughtful):
                thoughtful = thoughtful.removesuffix(f"{THINK_OPEN}\n\n{AFTER_THOUGHT}") + f"{THINK_OPEN}\n"
            self.thinking[before] = thoughtful
            if _inside_thought(plain):
                plain = plain.rstrip("\n") + f"\n\n{AFTER_THOUGHT}"
            if before is None:
                self.first["assistant"] = plain
            else:
                self.later[before, "assistant"] = plain
        thought = f"{THINK_OPEN}\nprobethought\n{AFTER_THOUGHT}probeanswer"
        turns = [("user", "probe"), ("assistant", thought), ("user", "probe")]
        if "probethought" not in self._render([{"role": r, "content": c} for r, c in turns], False, False):
            self.notes.append("the model's chat template drops earlier reasoning: sglc keeps it in the context")

    def _compare(self) -> None:
        """Notes it if a longer conversation reads differently when the template renders it as a whole."""
        for turns in (["user", "assistant", "user", "assistant", "user"], ["user", "assistant", "tool", "assistant"]):
            roles: list[Role] = ["system", *turns]  # type: ignore[list-item]
            if any(self._speaks_as[role] != role for role in roles):
                roles = [role for role in roles if self._speaks_as[role] == role]
            expected = [self.first[roles[0]], *(self.later[pair] for pair in pairwise(roles))]
            empty_thought = f"{THINK_OPEN}\n\n{AFTER_THOUGHT}"
            try:
                if self._pieces(roles)[:-1] == [text.removesuffix(empty_thought) for text in expected]:
                    continue
            except _Misplaced:
                pass
            except TemplateRefusal:
                continue
            self.notes.append(
                "the model's chat template renders earlier turns differently as a conversation grows: sglc only appends"
            )
            return


class _GenerationTag(jinja2.ext.Extension):
    """transformers' own `generation` tag, around what the assistant wrote; it renders as its body."""

    tags = {"generation"}  # noqa: RUF012 - jinja's name and kind for it

    def parse(self, parser: jinja2.parser.Parser) -> list[jinja2.nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _inside_thought(opening: str) -> bool:
    return opening.rfind(THINK_OPEN) > opening.rfind(THINK_CLOSE)


def _parse_date(date: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(date)
    except ValueError:
        raise bad_model(f"`{date}` is not a date", "write it as YYYY-MM-DD") from None


def _refuse(message: str) -> None:
    raise TemplateRefusal(message)


def _to_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
