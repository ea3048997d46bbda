"""Folders in transformers' format -> logits that agree with transformers; folders that are broken are named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from engine_samples import save_model
from test_chat_template import CHATML

from sglc.backend.engine.interface import EngineConfig, EngineError
from sglc.backend.engine.load import make_engine, tiny_folder
from sglc.backend.engine.plain_model import KEPT_CACHES, PlainModel


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("model"), template=CHATML)


@pytest.mark.parametrize(
    ("kind", "sizes"),
    [
        ("llama", {}),
        ("qwen2", {"tie_word_embeddings": True}),
        ("gpt2", {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 256}),
        ("mistral", {"sliding_window": 8}),
        ("lfm2", {"layer_types": ["conv", "full_attention"]}),
    ],
)
def test_logits_are_the_same_with_and_without_kept_caches(tmp_path: Path, kind: str, sizes: dict[str, Any]) -> None:
    model = PlainModel.load(save_model(tmp_path, kind, **sizes), "cpu")
    ids = [int(i) for i in torch.randint(0, 300, (30,), generator=torch.Generator().manual_seed(1))]
    branch = [*ids[:10], *ids[12:15]]

    def fresh(prompt: list[int], wanted: int) -> Any:
        with torch.inference_mode():
            return model._model(torch.tensor([prompt]), use_cache=False).logits[0, -wanted:]

    model.logits(ids[:20])
    for prompt, wanted, shared in ((ids, 3, 20), (branch, 1, 10), (ids, 1, 29), (ids[:4], 2, 2)):
        for keep in (False, True):
            rows, cached = model.logits(prompt, wanted, keep=keep)
            assert cached == (shared if model.is_cacheable else 0)
            assert torch.allclose(rows, fresh(prompt, wanted), atol=1e-4)


def test_few_caches_are_kept() -> None:
    model = PlainModel.load(tiny_folder(), "cpu")
    for n in range(2 * KEPT_CACHES):
        model.logits([n + 10, 1, 2])
    assert len(model._kept) == KEPT_CACHES
    assert model.logits([10, 1, 2])[1] == 0
    assert model.logits([2 * KEPT_CACHES + 9, 1, 2, 3])[1] == 3


def test_a_device_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(EngineError, match="cannot be put on device `moon`"):
        PlainModel.load(folder, "moon")


def test_a_failed_step_leaves_no_broken_cache(folder: Path) -> None:
    model = PlainModel.load(folder, "cpu")
    before = model.logits([5, 6, 7])[0]
    model.logits([5, 6])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model._model.model.layers[1], "forward", _no_memory)
        with pytest.raises(EngineError, match="the model failed"):
            model.logits([5, 6, 7])
    assert torch.allclose(model.logits([5, 6, 7])[0], before, atol=1e-4)


def _no_memory(*_: Any, **__: Any) -> None:
    raise RuntimeError("out of memory")


def break_file(name: str, content: bytes | None) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).unlink()
        if content is not None:
            (folder / name).write_bytes(content)

    return change


def edit_config(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | changes))

    return change


def cut_weights(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])


def drop_tensor(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    del tensors["model.norm.weight"]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def spoil_weights(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    tensors["model.norm.weight"][3] = float("nan")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def lose_a_shard(folder: Path) -> None:
    index = {"weight_map": {"a": "model-1.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (break_file("config.json", None), "has no config.json"),
        (break_file("config.json", b"{"), "config.json is not valid JSON"),
        (break_file("tokenizer.json", None), "has no tokenizer.json"),
        (break_file("tokenizer_config.json", b"\xff"), "tokenizer_config.json is not valid JSON"),
        (break_file("model.safetensors", None), "has no model.safetensors"),
        (break_file("model.safetensors", b"no"), "model.safetensors is not a whole safetensors file"),
        (cut_weights, "model.safetensors is not a whole safetensors file"),
        (drop_tensor, r"lack 1 tensors that config.json asks for, as model\.norm\.weight"),
        (lose_a_shard, r"has no model-1\.safetensors"),
        (edit_config(model_type="martian"), "does not know the architecture `martian`"),
        (edit_config(model_type=3), "has no `model_type`"),
        (edit_config(model_type="martian", auto_map={"AutoConfig": "x.py"}), "martian"),
        (
            edit_config(hidden_size=16),
            r"do not fit: lm_head\.weight has the shape \[\d+, 32\], config.json asks for .*16\]",
        ),
        (edit_config(num_attention_heads=5), "cannot load the model.*not a multiple of the number of attention heads"),
        (spoil_weights, "logits that are not numbers"),
        (edit_config(model_type="vit"), "cannot load the model"),
    ],
)
def test_a_broken_folder_is_named(folder: Path, tmp_path: Path, damage: Callable[[Path], None], message: str) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    damage(tmp_path)
    engine = make_engine(EngineConfig(str(tmp_path)))
    with pytest.raises(EngineError, match=message) as caught:
        asyncio.run(engine.start())
    assert caught.value.kind == "bad_model"
    assert str(tmp_path) in caught.value.message


def test_weights_that_nothing_asks_for_are_told(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    edit_config(num_hidden_layers=1)(tmp_path)
    model = PlainModel.load(tmp_path, "cpu")
    assert len(model.notes) == 1
    assert "tensors that config.json does not ask for, as model.layers.1." in model.notes[0]
    assert PlainModel.load(folder, "cpu").notes == ()


def test_caches_are_kept_where_they_can_be(folder: Path) -> None:
    assert PlainModel.load(folder, "cpu").is_cacheable


def test_a_file_is_no_folder(folder: Path) -> None:
    with pytest.raises(EngineError, match="is a file, not a model folder"):
        asyncio.run(make_engine(EngineConfig(str(folder / "config.json"))).start())
