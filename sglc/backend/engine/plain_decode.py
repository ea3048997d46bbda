"""A context and a request -> tokens drawn one by one, or choices scored. Runs on the engine's worker thread."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import msgspec
import torch
from torch import Tensor

from sglc.backend.engine.chat_template import AFTER_THOUGHT, THINK_CLOSE, ChatFormat
from sglc.backend.engine.context import ContextLayout, Prompt, TokenContext
from sglc.backend.engine.interface import (
    EngineError,
    Finish,
    GenRequest,
    GenResult,
    Listener,
    SelectRequest,
    SelectResult,
    TokenLogprob,
    Usage,
)
from sglc.backend.engine.lexicon import UTF8, Lexicon
from sglc.backend.engine.plain_model import PlainModel
from sglc.backend.engine.sampler import Sampler
from sglc.backend.engine.text_assembly import TextAssembly
from sglc.backend.engine.tokenizer import Tokenizer
from sglc.backend.engine.watch import Watch
from sglc.passes.constraints.budget import ConstraintError
from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.token_table import TokenTable, Vocabulary

KEPT_TABLES = 64
LEAST_CHANCE = 1e-30
KEPT_FOR_ANSWER = 4
"""Of max_tokens, one in so many is kept back from a thought for the answer."""


class Decoded(msgspec.Struct, frozen=True):
    """What one stretch of decoding gave: the text, and how the context's tokens change (see context.Piece)."""

    text: str
    finish: Finish
    drop: int
    ids: tuple[int, ...]
    usage: Usage
    logprobs: tuple[TokenLogprob, ...]


class Decoder:
    """A model, its tokenizer and its chat format, put to work for one request at a time."""

    def __init__(self, model: PlainModel, tokenizer: Tokenizer, chat: ChatFormat) -> None:
        self._model, self._tokenizer, self._chat = model, tokenizer, chat
        self.layout = ContextLayout(tokenizer, chat)
        ends = tuple(dict.fromkeys((*chat.end_ids, *tokenizer.end_ids)))
        # A model may have more rows than its tokenizer has tokens, and in odd cases fewer.
        known = tokenizer.tokens[: model.size]
        ends = tuple(i for i in ends if i < len(known))
        for token in ends:
            known[token] = b""  # however the tokenizer calls it, it is never part of a value
        self.vocabulary = Vocabulary(known, ends)
        self._lexicon = Lexicon(self.vocabulary)
        self._tables: OrderedDict[str, TokenTable] = OrderedDict()
        self._start_ids = list(tokenizer.bos_ids or self.vocabulary.eos_ids[:1])

    def prefill(self, context: TokenContext, watch: Watch) -> None:
        """Compute what a request behind the context would begin from, and keep it."""
        ids, _ = self._withdraw(self.layout.prompt(context))
        if ids:
            self._check_room(len(ids), 0)
            self._model.logits(ids, check=watch.check)

    def generate(
        self,
        context: TokenContext,
        request: GenRequest,
        watch: Watch,
        emit: Listener,
        emit_thought: Listener,
    ) -> GenResult:
        sampler = self._sampler(context, request)
        thinking = self.layout.opened_for_thinking(context) if request.reasoning else None
        thought: Decoded | None = None
        if thinking is not None:
            context, thought = self._think(thinking, request, sampler, watch, emit_thought)
            left = request.max_tokens - thought.usage.generated_tokens
            request = msgspec.structs.replace(request, max_tokens=left)
        stops = self._chat.stops if context.role is not None else ()
        value = self._decode(self.layout.prompt(context), request, sampler, watch, emit, stops)
        after = self.layout.append_generated(context, value.text, value.drop, value.ids)
        if thought is None:
            return GenResult(value.text, after, value.finish, value.usage, value.logprobs)
        usage = _joined(thought.usage, value.usage)
        return GenResult(value.text, after, value.finish, usage, value.logprobs, thought.text.strip())

    def _think(
        self, context: TokenContext, request: GenRequest, sampler: Sampler, watch: Watch, emit: Listener
    ) -> tuple[TokenContext, Decoded]:
        """The context with a whole thought in it."""
        reserve = max(self._table(request.constraint).distance(0), request.max_tokens // KEPT_FOR_ANSWER)
        budget = max(0, request.max_tokens - reserve)
        asked = GenRequest(max_tokens=budget, stop=(THINK_CLOSE,), sampling=request.sampling)
        thought = self._decode(self.layout.prompt(context), asked, sampler, watch, emit, ())
        closing = self._tokenizer.encode_control(AFTER_THOUGHT)
        usage = msgspec.structs.replace(thought.usage, forced_tokens=thought.usage.forced_tokens + len(closing))
        ids = (*thought.ids, *closing)
        after = self.layout.append_generated(context, thought.text + AFTER_THOUGHT, thought.drop, ids)
        return after, msgspec.structs.replace(thought, usage=usage)

    def _decode(
        self,
        prompt: Prompt,
        request: GenRequest,
        sampler: Sampler,
        watch: Watch,
        emit: Listener,
        turn_stops: Sequence[str],
    ) -> Decoded:
        ids, withdrawn = self._withdraw(prompt)
        heal = self._tokenizer.decode(withdrawn)
        assembly = TextAssembly(self._lexicon, self._table(request.constraint), request, heal, turn_stops)
        drawn: list[int] = []
        logprobs: list[TokenLogprob] = []
        first_cached: int | None = None
        while assembly.finish is None:
            self._check_room(len(ids), len(drawn))
            logits, cached = self._model.logits([*ids, *drawn], check=watch.check)
            first_cached = cached if first_cached is None else first_cached
            row = logits[0, : len(self.vocabulary.tokens)]
            token = sampler.draw(row, torch.from_numpy(assembly.allowed()))
            if request.logprobs:
                logprobs.append(self._logprob(row, token, request.top_logprobs))
            drawn.append(token)
            assembly.push(token)
            settled = assembly.take_settled()
            if settled:
                emit(settled)
        done = assembly.assembled()
        again = self._tokenizer.encode_bytes(done.tail)
        drop, kept = len(withdrawn), (*drawn[: done.kept], *again)
        if drop and kept[:1] == withdrawn:
            drop, kept = 0, kept[1:]
        usage = Usage(len(prompt.ids), min(first_cached or 0, len(prompt.ids)), len(drawn), len(again))
        return Decoded(done.text, assembly.finish, drop, kept, usage, tuple(logprobs[done.healing : done.kept]))

    def select(self, context: TokenContext, request: SelectRequest, watch: Watch) -> SelectResult:
        prompt = self.layout.prompt(context)
        ids, withdrawn = self._withdraw(prompt)
        heal = self._tokenizer.decode(withdrawn)
        encoded = [self._tokenizer.encode_bytes(heal + choice.encode()) for choice in request.choices]
        if withdrawn and all(choice[:1] == withdrawn for choice in encoded):
            ids, withdrawn, encoded = list(prompt.ids), (), [choice[1:] for choice in encoded]
        self._check_room(len(ids), max(map(len, encoded)), "the longest choice")
        before = self._model.logits(ids, check=watch.check)[1]
        if request.by == "greedy":
            index, scores = self._walk_choices(ids, encoded, watch)
        else:
            scores = self._score_choices(ids, encoded, request, watch)
            index = max(range(len(scores)), key=scores.__getitem__)
        after = self.layout.append_generated(context, request.choices[index], len(withdrawn), encoded[index])
        usage = Usage(len(prompt.ids), before, 0, len(encoded[index]))
        return SelectResult(index, tuple(scores), after, usage)

    def _score_choices(
        self, ids: list[int], encoded: Sequence[tuple[int, ...]], request: SelectRequest, watch: Watch
    ) -> list[float]:
        # The choice of no text at all is the model's ending its turn.
        spelled = [choice or self.vocabulary.eos_ids[:1] for choice in encoded]
        totals = [sum(self._logprobs(ids, choice, watch)) for choice in spelled]
        if request.by == "likelihood":
            return [total / max(1, len(choice)) for total, choice in zip(totals, spelled, strict=True)]
        alone = [self._tokenizer.encode(choice) for choice in request.choices]
        return [
            total - sum(self._logprobs(self._start_ids, choice, watch))
            for total, choice in zip(totals, alone, strict=True)
        ]

    def _logprobs(self, ids: list[int], choice: Sequence[int], watch: Watch) -> list[float]:
        """The log probability of each token of a choice after `ids`."""
        if not ids:  # the first token of a model without a beginning mark has no probability
            ids, choice = [*choice[:1]], choice[1:]
        if not choice:
            return []
        logits, _ = self._model.logits([*ids, *choice[:-1]], wanted=len(choice), check=watch.check, keep=False)
        rows = torch.log_softmax(logits, dim=-1)
        return [float(rows[n, token]) for n, token in enumerate(choice)]

    def _walk_choices(
        self, ids: list[int], choices: Sequence[tuple[int, ...]], watch: Watch
    ) -> tuple[int, list[float]]:
        """Walks down the trie of the choices, always to the likeliest branch.

        A choice's score is its log probability among the choices, as far as the walk went along with it. That a choice
        ends where another goes on is as likely as that the model writes none of the longer ones' next tokens.
        """
        scores = [0.0] * len(choices)
        alive = list(range(len(choices)))
        depth = 0
        while True:
            ended = [n for n in alive if len(choices[n]) == depth]
            branches = sorted({choices[n][depth] for n in alive if len(choices[n]) > depth})
            if not branches:
                return ended[0], scores
            if len(branches) == 1 and not ended:
                depth += 1
                continue
            path = [*ids, *choices[alive[0]][:depth]]
            logits, _ = self._model.logits(path, check=watch.check, keep=False)
            chances = torch.softmax(logits[0].double(), dim=-1)[branches].tolist()
            end_chance = max(LEAST_CHANCE, 1.0 - sum(chances)) if ended else 0.0
            total = max(LEAST_CHANCE, sum(chances) + end_chance)
            likely = dict(zip(branches, chances, strict=True))
            for n in alive:
                chance = end_chance if n in ended else likely[choices[n][depth]]
                scores[n] += math.log(max(LEAST_CHANCE, chance / total))
            best = max(branches, key=likely.__getitem__)
            if ended and end_chance >= likely[best]:
                return ended[0], scores
            alive = [n for n in alive if n not in ended and choices[n][depth] == best]
            depth += 1

    def _withdraw(self, prompt: Prompt) -> tuple[list[int], tuple[int, ...]]:
        """The ids to start from, and the last token if it is text that a hole must spell again."""
        if prompt.ending != "text" or (len(prompt.ids) == 1 and not self._start_ids):
            return list(prompt.ids) or list(self._start_ids), ()
        return prompt.ids[:-1] or list(self._start_ids), (prompt.ids[-1],)

    def _check_room(self, prompt: int, more: int, name: str = "the value so far") -> None:
        limit = self._model.context_length
        if prompt == 0:
            raise EngineError("impossible", "the model has no token to begin an empty prompt with", "write some text")
        if prompt + more > limit:
            sizes = f"the prompt has {prompt} tokens" + (f" and {name} {more}" if more else "")
            raise EngineError("context_full", f"{sizes}, the model's context holds {limit}", "shorten the prompt")

    def _table(self, constraint: Dfa | None) -> TokenTable:
        dfa = constraint if constraint is not None else UTF8
        table = self._tables.get(dfa.digest)
        if table is None:
            try:
                table = self._tables[dfa.digest] = TokenTable(dfa, self.vocabulary)
            except ConstraintError as error:
                raise EngineError("impossible", str(error)) from None
        self._tables.move_to_end(dfa.digest)
        if len(self._tables) > KEPT_TABLES:
            self._tables.popitem(last=False)
        return table

    def _sampler(self, context: TokenContext, request: GenRequest) -> Sampler:
        bias: dict[int, float] = {}
        for text, value in request.sampling.logit_bias:
            found = self._lexicon.spelled(text.encode())
            if not found:
                raise EngineError("impossible", f"logit_bias: {text!r} is not one token of this model")
            bias |= dict.fromkeys(found, value)
        return Sampler(request.sampling, len(self.vocabulary.tokens), self.layout.prompt(context).ids, bias)

    def _logprob(self, row: Tensor, token: int, top: int) -> TokenLogprob:
        scores = torch.log_softmax(row, dim=-1)
        likeliest = torch.topk(scores, min(top, len(scores))) if top else None
        pairs = zip(*(part.tolist() for part in likeliest), strict=True) if likeliest is not None else ()
        return TokenLogprob(
            self._spell(token), float(scores[token]), tuple((self._spell(i), score) for score, i in pairs)
        )

    def _spell(self, token: int) -> str:
        text = self._tokenizer.tokens[token]
        return text.decode(errors="backslashreplace") if text else self._tokenizer.spell_out([token])


def _joined(thought: Usage, value: Usage) -> Usage:
    """The usage of a thought and the value after it, as one request: its prompt is the thought's."""
    return msgspec.structs.replace(
        thought,
        generated_tokens=thought.generated_tokens + value.generated_tokens,
        forced_tokens=thought.forced_tokens + value.forced_tokens,
    )
