"""Steps under way that ask a model: generations and selections."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import msgspec

from sglc.backend import plan_steps as steps
from sglc.backend.caller import GenAnswer, GenCall, SelectCall
from sglc.backend.engine.interface import (
    EngineError,
    GenRequest,
    Hints,
    Listener,
    Sampling,
    SelectRequest,
    TokenLogprob,
)
from sglc.backend.errors import ErrorKind, RunError, from_engine
from sglc.backend.events import Text, ValueEvent
from sglc.backend.options import with_dynamic
from sglc.backend.prompt import Prompt
from sglc.backend.run import Place
from sglc.backend.run_block import StepRun
from sglc.backend.seeds import derive_seed
from sglc.ir.decode import ConformError, decode_text
from sglc.ir.option_values import OptionError


class TaskRun(StepRun):
    """A step that is a task of its own: `work` gives its results or raises RunError."""

    __slots__ = ("_task",)

    @abstractmethod
    async def work(self) -> Sequence[Any]: ...

    def start(self) -> None:
        self._task: asyncio.Task[Sequence[Any]] = self.run.spawn(self.work(), self._returned)

    def stop(self) -> None:
        # Not yet started, it waits for inputs.
        if task := getattr(self, "_task", None):
            task.cancel()

    def at(self, place: Place, kind: ErrorKind, message: str, hint: str = "") -> RunError:
        """An error of this step at a place inside it."""
        return self.run.error(kind, message, self.step.at, place.path, hint)

    def _returned(self, task: asyncio.Task[Sequence[Any]]) -> None:
        self.run.handles.release_dropped()
        if self.over:
            return
        if task.cancelled():
            self.fail(self.error("cancelled", "what the program waited for was cancelled"))
            return
        error = task.exception()
        if isinstance(error, RunError):
            self.fail(error)
        elif error is not None:
            self.run.break_off(error)
        else:
            self.settle_values(task.result())


class GenRun(TaskRun):
    __slots__ = ()
    step: steps.Gen

    async def work(self) -> Sequence[Any]:
        step, prompt = self.step, self.inputs[0].value
        place = self.place.inside(step.name, step.site)
        shows = step.options.stream and self.run.listening
        on_text = self._on_text(place) if shows else None
        on_reasoning = self._on_text(place, reasoning=True) if shows and step.reasoning else None
        request = self._request(place)
        call = GenCall(place.path, place.site, place.attempt, step.model, prompt, request, on_text, on_reasoning)
        try:
            answer = await self.run.caller.gen(call)
        except EngineError as error:
            raise from_engine(error, self.run.location(step.at), place.path) from None
        self.run.usage += answer.usage
        value = self._decode(answer, place)
        place.stream.send(ValueEvent(path=place.path, value=value))
        results = [prompt.append_reply(answer.text, step.model, answer.context), value]
        results += [answer.reasoning] * step.reasoning
        results += [[_record_of(token) for token in answer.logprobs]] * step.logprobs
        return results

    def _on_text(self, place: Place, *, reasoning: bool = False) -> Listener:
        def send(text: str) -> None:
            if not self.over:
                provisional = place.stream.provisional
                place.stream.send(Text(path=place.path, text=text, reasoning=reasoning, provisional=provisional))

        return send

    def _request(self, place: Place) -> GenRequest:
        step, tables = self.step, self.run.tables
        try:
            options = with_dynamic(step.options, step.dynamic, [cell.value for cell in self.inputs[1:]])
        except OptionError as error:
            raise self.at(place, "value", str(error)) from None
        seed = options.seed
        if seed is None:
            seed = derive_seed(self.run.seed, place.site, place.attempt)
        dfas = tables.plan.dfas
        return GenRequest(
            constraint=dfas[step.constraint] if step.constraint >= 0 else None,
            max_tokens=options.max_tokens,
            min_tokens=options.min_tokens,
            stop=options.stop,
            stop_dfa=dfas[step.stop_constraint] if step.stop_constraint >= 0 else None,
            follow=step.follow,
            ignore_eos=options.ignore_eos,
            sampling=_sampling(options, seed),
            logprobs=step.logprobs,
            top_logprobs=options.top_logprobs,
            reasoning=step.reasoning,
            deadline=self.run.deadline,
            path=place.path,
            hints=_hints(step.hints),
        )

    def _decode(self, answer: GenAnswer, place: Place) -> Any:
        tables = self.run.tables
        try:
            return decode_text(answer.text, tables.plan.value_types[self.step.type], tables.types)
        except ConformError as error:
            raise self.at(place, "value", f"the reply does not fit: {error}") from None


class SelectRun(TaskRun):
    __slots__ = ()
    step: steps.Select

    async def work(self) -> Sequence[Any]:
        step = self.step
        prompt, choices = self.values()
        place = self.place.inside(step.name, step.site)
        if not choices:
            raise self.at(place, "value", f"`select {step.name.partition('#')[0]}` has no choices")
        different = tuple(dict.fromkeys(choices))
        request = SelectRequest(different, step.by, self.run.deadline, place.path, _hints(step.hints))
        call = SelectCall(place.path, place.site, place.attempt, step.model, prompt, request)
        try:
            answer = await self.run.caller.select(call)
        except EngineError as error:
            raise from_engine(error, self.run.location(step.at), place.path) from None
        self.run.usage += answer.usage
        best = different[answer.index]
        place.stream.send(ValueEvent(path=place.path, value=best))
        scores = dict(zip(different, answer.scores, strict=True))
        after: Prompt = prompt.append_reply(best, step.model, answer.context)
        return [after, best, *([[scores[choice] for choice in choices]] if step.scores else [])]


def _sampling(options: steps.Options, seed: int) -> Sampling:
    shared = {name: getattr(options, name) for name in Sampling.__struct_fields__ if name != "seed"}
    return Sampling(**shared, seed=seed)


def _hints(hints: steps.Hints) -> Hints:
    return Hints(**msgspec.structs.asdict(hints))


def _record_of(token: TokenLogprob) -> dict[str, Any]:
    """The record `Logprob` of the language."""
    top = [{"token": text, "logprob": logprob} for text, logprob in token.top]
    return {"token": token.token, "logprob": token.logprob, "top": top}
