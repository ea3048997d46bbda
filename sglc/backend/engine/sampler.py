"""Logits of one position -> the next token, by the request's sampling options.

This is the truth that faster samplers must match.

V is the vocabulary's size. All tensors are float32 on the CPU unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from sglc.backend.engine.interface import EngineError, Sampling

_SEED_BITS = 63


class Sampler:
    """Draws the tokens of one request: the same seed and the same logits give the same tokens.

    `prompt`: the ids before the value; a repetition penalty counts them, the other two do not. `bias` is by token id.
    """

    def __init__(
        self, sampling: Sampling, size: int, prompt: Sequence[int] = (), bias: dict[int, float] | None = None
    ) -> None:
        self._sampling = sampling
        self._counts = torch.zeros(size)
        self._seen = torch.zeros(size, dtype=torch.bool)
        self._seen[[i for i in prompt if i < size]] = True
        self._bias = torch.zeros(size)
        for token, value in (bias or {}).items():
            self._bias[token] += value
        self._generator = torch.Generator().manual_seed(sampling.seed % (1 << _SEED_BITS))

    def draw(self, logits: Tensor, allowed: Tensor) -> int:
        """One token id. logits: [V]; allowed: bool [V], at least one True."""
        if logits.isnan().any() or logits.isposinf().any():
            raise EngineError("bad_model", "the model computed a logit that is not a number", "its weights are damaged")
        logits = penalize(logits, self._counts, self._seen, self._sampling) + self._bias
        logits = logits.masked_fill(~allowed, float("-inf"))
        if self._sampling.temperature <= 0:
            token = int(logits.argmax())
        else:
            token = draw(probabilities(logits, self._sampling), self._generator)
        # A model may rule out everything that the mask allows; any allowed token keeps the value well formed.
        if not allowed[token]:
            token = int(allowed.to(torch.uint8).argmax())
        self._counts[token] += 1
        self._seen[token] = True
        return token


def penalize(logits: Tensor, counts: Tensor, seen: Tensor, sampling: Sampling) -> Tensor:
    """Logits [V] after the penalties. counts [V]: how often an id was drawn; seen, bool [V]: drawn or in the prompt."""
    if sampling.repetition_penalty != 1.0:
        factor = sampling.repetition_penalty
        logits = torch.where(seen, torch.where(logits > 0, logits / factor, logits * factor), logits)
    if sampling.frequency_penalty or sampling.presence_penalty:
        logits = logits - sampling.frequency_penalty * counts - sampling.presence_penalty * (counts > 0).float()
    return logits


def probabilities(logits: Tensor, sampling: Sampling) -> Tensor:
    """[V] -> [V], float64: temperature, then top_k, top_p and min_p, each over what the one before left."""
    probs = torch.softmax(logits.double() / sampling.temperature, dim=-1)
    if 0 < sampling.top_k < probs.numel():
        keep = torch.topk(probs, sampling.top_k).indices
        probs = torch.zeros_like(probs).index_copy(0, keep, probs[keep])
        probs = probs / probs.sum()
    if sampling.top_p < 1.0:
        ordered, order = probs.sort(descending=True, stable=True)
        # A token stays while those before it have not reached top_p; the likeliest always stays.
        cut = ordered.cumsum(0) - ordered >= sampling.top_p
        cut[0] = False
        probs = probs.index_fill(0, order[cut], 0.0)
        probs = probs / probs.sum()
    if sampling.min_p > 0.0:
        probs = torch.where(probs >= sampling.min_p * probs.max(), probs, 0.0)
        probs = probs / probs.sum()
    return probs


def draw(probs: Tensor, generator: torch.Generator) -> int:
    """An index drawn from probabilities [V] by one uniform number and the inverse of the distribution function."""
    total = probs.cumsum(0)
    point = torch.rand((), generator=generator, dtype=torch.float64) * total[-1]
    index = int(torch.searchsorted(total, point, right=True))
    # Rounding may put the point past the end, or on an id without probability.
    return index if index < probs.numel() and probs[index] > 0 else int(probs.argmax())
