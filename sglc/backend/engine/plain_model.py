"""A folder in transformers' format -> a model that gives logits for token ids, over transformers' own KV cache.

The caches of the last few prompts are kept. A prompt that begins like one of them computes only what is new.
"""

from __future__ import annotations

import inspect
import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import SafetensorError, safe_open
from torch import Tensor
from transformers.cache_utils import DynamicCache

from sglc.backend.engine.interface import EngineError
from sglc.backend.engine.model_folder import bad_model, check_folder, read_json

KEPT_CACHES = 8
KEPT_TOKENS = 32768
"""Bounds on the kept caches: their number, and their tokens together (at least one cache is kept)."""
PREFILL_CHUNK = 256
"""Tokens of a prompt that are computed at once; a cancellation waits for no more."""
DEFAULT_CONTEXT = 2048
SMALL_MODEL = 40_000_000
"""Parameters below which one processor core computes a token as fast as several."""
PROBE_TOKENS = 8
CACHE_NAMES = ("cache", "past_key_values")
"""What `forward` calls its KV cache: the first since transformers 5.24."""
CLOSE = 0.05
_LENGTH_KEYS = ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length")


class KeptCache:
    """A KV cache and the token ids it holds."""

    def __init__(self, ids: list[int], cache: DynamicCache) -> None:
        self.ids, self.cache = ids, cache

    def common(self, ids: Sequence[int]) -> int:
        """How many tokens of `ids` this cache begins with."""
        length = min(len(ids), len(self.ids))
        if self.ids[:length] == ids[:length]:
            return length
        return next(n for n in range(length) if self.ids[n] != ids[n])

    def copy(self, length: int) -> KeptCache:
        """A cache of the first `length` tokens; this one stays as it is."""
        cache = DynamicCache()
        if length:
            for n, layer in enumerate(self.cache.layers):
                cache.update(layer.keys[..., :length, :], layer.values[..., :length, :], n)
        return KeptCache(self.ids[:length], cache)


class PlainModel:
    """Logits of a causal LM, one prompt at a time. Not thread-safe."""

    def __init__(self, model: Any, context_length: int, device: str, notes: tuple[str, ...] = ()) -> None:
        """`notes`: what a user should know about how it was loaded."""
        self._model, self._device, self.notes = model, device, notes
        self.context_length = context_length
        self.size = int(model.get_input_embeddings().weight.shape[0])
        self._kept: list[KeptCache] = []
        parameters = inspect.signature(model.forward).parameters
        self._can_skip_logits = "logits_to_keep" in parameters
        self._cache_name = next((name for name in CACHE_NAMES if name in parameters), "")
        # A recurrent state cannot be cut back to a prefix: a model with one reads its prompt anew for every token.
        self.is_cacheable = bool(self._cache_name) and not getattr(model, "_is_stateful", False)
        probe = [n % self.size for n in range(3, 3 + PROBE_TOKENS)]
        whole = self._forward(probe, None, 1)
        self.is_sane = bool(whole.isfinite().all())
        self.is_cacheable = self.is_cacheable and self.is_sane and self._cache_agrees(probe, whole)

    @classmethod
    def load(cls, folder: Path, device: str = "auto", dtype: str = "auto") -> PlainModel:
        """Raises EngineError("bad_model") that names the file at fault."""
        check_folder(folder)
        config = read_json(folder / "config.json", "the model's architecture and sizes")
        _check_architecture(folder, config)
        for file in weight_files(folder):
            _check_weights(file)
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if dtype == "auto":
            stored = str(config.get("dtype") or config.get("torch_dtype") or "bfloat16")
            dtype = "float32" if device == "cpu" else stored
        model, notes = _load_quietly(folder, dtype, device)
        if sum(p.numel() for p in model.parameters()) < SMALL_MODEL:
            # Counts for the calling thread alone. Waiting for each other costs threads more than such matrices do.
            torch.set_num_threads(1)
        text_config = config.get("text_config") or config
        length = next((int(text_config[key]) for key in _LENGTH_KEYS if text_config.get(key)), DEFAULT_CONTEXT)
        loaded = cls(model, length, device, notes)
        if not loaded.is_sane:
            raise bad_model(
                f"the weights in {folder} are damaged: they give logits that are not numbers", "copy them again"
            )
        return loaded

    def logits(
        self, ids: list[int], wanted: int = 1, check: Callable[[], None] = lambda: None, keep: bool = True
    ) -> tuple[Tensor, int]:
        """Logits after each of the last `wanted` tokens, [wanted, V] float32 on the CPU; tokens taken from a cache.

        `check` is called before each stretch of the prompt and may raise. `keep`: whether the prompt may be continued.
        """
        if not self.is_cacheable:
            check()
            return self._forward(ids, None, wanted), 0
        kept = self._take(ids[: len(ids) - wanted], keep)
        cached = len(kept.ids)
        while len(ids) - wanted > len(kept.ids):
            check()
            chunk = ids[len(kept.ids) : min(len(kept.ids) + PREFILL_CHUNK, len(ids) - wanted)]
            self._forward(chunk, kept, 1)
        check()
        return self._forward(ids[-wanted:], kept, wanted), cached

    def _cache_agrees(self, ids: list[int], whole: Tensor) -> bool:
        """Whether a few tokens give the same logits (`whole`) when their beginning comes from a copied cache."""
        half = len(ids) // 2
        try:
            first = KeptCache([], DynamicCache())
            self._forward([*ids[:half], 0], first, 1)
            parts = self._forward(ids[half:], first.copy(half), 1)
        except Exception:  # each kind of state that is not a plain KV cache fails in its own way
            return False
        # Wide enough for 16-bit arithmetic; a lost state is off by far more.
        return bool(torch.allclose(parts, whole, rtol=0.0, atol=CLOSE * float(whole.abs().max())))

    def _forward(self, ids: list[int], kept: KeptCache | None, wanted: int) -> Tensor:
        options: dict[str, Any] = {"use_cache": kept is not None}
        if kept is not None:
            options[self._cache_name] = kept.cache
        if self._can_skip_logits:
            options["logits_to_keep"] = wanted
        try:
            with torch.inference_mode():
                output = self._model(torch.tensor([ids], device=self._device), **options)
        except RuntimeError as error:
            # Some layers may hold the new tokens by now and others not.
            self._kept = [other for other in self._kept if other is not kept]
            raise EngineError("lost", f"the model failed: {str(error).strip().splitlines()[0]}") from error
        if kept is not None:
            kept.ids += ids
        return output.logits[0, -wanted:].float().cpu()

    def _take(self, ids: list[int], keep: bool) -> KeptCache:
        """A cache of what `ids` share with a kept one; `keep` makes it the newest of the kept ones."""
        best = max(self._kept, key=lambda kept: kept.common(ids), default=None)
        shared = best.common(ids) if best is not None else 0
        if best is None or shared == 0:
            best = KeptCache([], DynamicCache())
        elif shared < len(best.ids) or not keep:
            best = best.copy(shared)
        else:
            self._kept.remove(best)
        if keep:
            self._kept.insert(0, best)
            self._evict(len(ids))
        return best

    def _evict(self, newest: int) -> None:
        """Drops the oldest caches past the bounds; the newest will hold `newest` tokens."""
        total = newest
        for n, kept in enumerate(self._kept[1:], start=1):
            total += len(kept.ids)
            if n >= KEPT_CACHES or total > KEPT_TOKENS:
                del self._kept[n:]
                return


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files that hold the weights: one, or those that the index names."""
    index_path = folder / "model.safetensors.index.json"
    if index_path.exists():
        names = read_json(index_path, "which file holds which tensor").get("weight_map")
        if not isinstance(names, dict) or not names:
            raise bad_model(f"{index_path} has no `weight_map` of tensors to files")
        files = [folder / name for name in sorted(set(names.values()))]
    else:
        files = [folder / "model.safetensors"]
    for file in files:
        if not file.is_file():
            other = sorted(folder.glob("*.bin")) + sorted(folder.glob("*.gguf"))
            hint = f"{other[0].name} is in a format that sglc does not read: convert it to safetensors" if other else ""
            raise bad_model(f"{folder} has no {file.name} (the weights)", *([hint] if hint else []))
    return files


def _check_weights(file: Path) -> None:
    try:
        with safe_open(file, framework="pt") as tensors:
            tensors.keys()
    except (SafetensorError, OSError) as error:
        raise bad_model(f"{file} is not a whole safetensors file: {error}", "copy the file again") from None


def _check_architecture(folder: Path, config: dict[str, Any]) -> None:
    kind = config.get("model_type")
    if not isinstance(kind, str):
        raise bad_model(f"{folder / 'config.json'} has no `model_type`")
    if kind not in transformers.models.auto.configuration_auto.CONFIG_MAPPING:
        own_code = "it needs Python code of its own, which sglc never runs" if config.get("auto_map") else ""
        hint = own_code or f"transformers {transformers.__version__} may be too old for this model"
        raise bad_model(f"{folder / 'config.json'}: transformers does not know the architecture `{kind}`", hint)


def _load_quietly(folder: Path, dtype: str, device: str) -> tuple[Any, tuple[str, ...]]:
    """The model on its device, and notes about what it did not use."""
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model, report = transformers.AutoModelForCausalLM.from_pretrained(
                str(folder),
                dtype=dtype,
                local_files_only=True,
                trust_remote_code=False,
                use_safetensors=True,
                ignore_mismatched_sizes=True,  # reported below, with their shapes
                output_loading_info=True,
            )
    except Exception as error:  # transformers reports damage in many ways; all of them mean that the model is bad
        lines = [line.strip() for line in str(error).strip().splitlines()[:3]] or [type(error).__name__]
        raise bad_model(f"transformers cannot load the model in {folder}: {' '.join(lines)}") from None
    for name, stored, asked in sorted(report.get("mismatched_keys") or (), key=lambda key: str(key[0])):
        sizes = f"{name} has the shape {list(stored)}, config.json asks for {list(asked)}"
        raise bad_model(f"the weights in {folder} do not fit: {sizes}", "take both files from the same model")
    # transformers fills tensors that are missing with random numbers and goes on.
    if missing := sorted(report.get("missing_keys") or ()):
        lacking = f"{len(missing)} tensors that config.json asks for, as {missing[0]}"
        raise bad_model(f"the weights in {folder} lack {lacking}")
    notes: tuple[str, ...] = ()
    if unused := sorted(report.get("unexpected_keys") or ()):
        more = f"{len(unused)} tensors that config.json does not ask for, as {unused[0]}"
        notes = (f"the weights in {folder} have {more}",)
    try:
        return model.to(device).eval(), notes
    except Exception as error:  # no such device, no driver for it, too little memory on it
        raise bad_model(f"the model in {folder} cannot be put on device `{device}`: {error}", "try `cpu`") from None
