"""Writes sglc-tiny with random weights into this folder: `python -m sglc.backend.engine.tiny.make_random [FOLDER]`.

Equal runs give equal bytes: the tokenizer is trained on sentences that this script makes up, the weights come from one
seed. The weights are random but not shapeless: a constant direction of the embeddings makes tokens that end a word, a
sentence, a JSON string or an answer likelier, so that values come out short.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

SEED = 20260131
VOCABULARY = 2048
CONTROL = ["<|pad|>", "<|begin|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>"]
CONTEXT = 8192
HIDDEN, LAYERS, HEADS, KV_HEADS, INNER = 64, 2, 4, 2, 176
SPLIT = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+"""

TEMPLATE = (
    "{{ '<|begin|>' }}{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\n' + message['content'] + '<|end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)

ENGLISH = """the of and to in a is that for it as was with be by on not he his but at are this have from or had an
they which one you were all her she there would their we him been has when who will no more if out so up said what its
about than into them can only other time new some could these two may first then do any like my now over such our man
me even most made after also did many before must through years where much your way well down should because each just
state those people how too little good world very year still see own work men day get here between both life being
under never same another know while last might us great old off come since against go came right used take three place
trip city order parcel refund customer shop message reply answer question name number address status weather rain sun
museum park river market bridge tower food hotel train flight ticket price price total day morning evening night visit
walk essay score grade reason clarity evidence plan step result tool search finish note topic tip story product color
size review positive negative neutral label class character hero strength magic item list text word sentence summary
document answer thought action record field value type true false null date eta ship email help please thank sorry
team policy days week month price discount delivery late early lost found open close send receive write read think
make give tell ask learn simple clear short long small large best better important example different several system
user assistant model"""
CHINESE = """我们 你们 他们 今天 明天 昨天 天气 很好 旅行 城市 博物馆 公园 河流 市场 美食 酒店 火车 机票 价格 上午
下午 晚上 参观 订单 包裹 退款 客户 商店 问题 回答 姓名 号码 地址 状态 请问 谢谢 对不起 可以 需要 因为 所以 但是 如果
然后 第一 第二 第三 最后 喜欢 学习 工作 时间 重要 简单 方便 文章 评分 理由 计划 步骤 结果 工具 搜索 完成 主题 建议
故事 产品 颜色 大小 评论 正面 负面 文档 总结 的 了 是 在 有 和 就 不 也 都 说 去 要 会 着 没有 看 好 自己 这 那 什么
怎么 一个 北京 上海 杭州 长城 西湖"""
WRITERS = ("self_attn.o_proj", "mlp.down_proj")
CONSTANT, UNLIKELY, LIKELY_WORD, LIKELY_END, LIKELY_STOP = 4.0, -2.0, 1.0, 2.0, 2.6
ENDINGS = [".", '"', '",', '"}', "]", "}", "\n", ".\n", ",", "。"]


def sentences(rng: random.Random) -> Iterator[str]:
    """Made-up English and Chinese sentences, and JSON records of their words."""
    english, chinese = ENGLISH.split(), CHINESE.split()
    # Early words are common words: rank r is drawn about 1/(r+8) of the time.
    weights = [1 / (rank + 8) for rank in range(len(english))]
    for _ in range(6000):
        words = rng.choices(english, weights, k=rng.randint(4, 14))
        yield " ".join([words[0].capitalize(), *words[1:]]) + rng.choice([".", ".", ".", "?", "!", ":", ";", ".\n"])
    for _ in range(1500):
        yield "".join(rng.choices(chinese, k=rng.randint(3, 9))) + rng.choice("。，？！")
    for _ in range(1500):
        keys = rng.sample(english, 3)
        record: dict[str, Any] = {
            keys[0]: " ".join(rng.choices(english, k=2)),
            keys[1]: rng.randint(0, 99),
            keys[2]: rng.sample(english, 2),
        }
        yield json.dumps(record, separators=(",", ":"))


def make_tokenizer() -> Tokenizer:
    """Byte-level BPE over all 256 bytes: there is no unknown token."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=False))
    split = pre_tokenizers.Split(Regex(SPLIT), behavior="isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[AddedToken(text, special=True) for text in CONTROL],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(list(sentences(random.Random(SEED))), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|begin|> $A", special_tokens=[("<|begin|>", tokenizer.token_to_id("<|begin|>"))]
    )
    return tokenizer


def make_weights(tokenizer: Tokenizer) -> dict[str, torch.Tensor]:
    """Llama's tensors by transformers' names."""
    generator = torch.Generator().manual_seed(SEED)

    def random_matrix(rows: int, columns: int, scale: float) -> torch.Tensor:
        return torch.randn(rows, columns, generator=generator) * scale

    size, head = tokenizer.get_vocab_size(), HIDDEN // HEADS
    embedding, output = random_matrix(size, HIDDEN, 1.0), random_matrix(size, HIDDEN, 0.3)
    embedding[:, 0] = CONSTANT
    output[:, 0] = likelihoods(tokenizer)
    weights = {
        "model.embed_tokens.weight": embedding,
        "lm_head.weight": output,
        "model.norm.weight": torch.ones(HIDDEN),
    }
    shapes = {
        "self_attn.q_proj": (HEADS * head, HIDDEN),
        "self_attn.k_proj": (KV_HEADS * head, HIDDEN),
        "self_attn.v_proj": (KV_HEADS * head, HIDDEN),
        "self_attn.o_proj": (HIDDEN, HEADS * head),
        "mlp.gate_proj": (INNER, HIDDEN),
        "mlp.up_proj": (INNER, HIDDEN),
        "mlp.down_proj": (HIDDEN, INNER),
    }
    for n in range(LAYERS):
        for name, (rows, columns) in shapes.items():
            weight = random_matrix(rows, columns, 0.2 if "attn" in name else 0.15)
            if name in WRITERS:
                weight[0] = 0.0
            else:
                weight[:, 0] = 0.0
            weights[f"model.layers.{n}.{name}.weight"] = weight
        for name in ("input_layernorm", "post_attention_layernorm"):
            weights[f"model.layers.{n}.{name}.weight"] = torch.ones(HIDDEN)
    return weights


def likelihoods(tokenizer: Tokenizer) -> torch.Tensor:
    """The output's column 0, [V]. Dimension 0 is the same everywhere and no layer touches it: a bias of the logits."""
    bias = torch.zeros(tokenizer.get_vocab_size())
    for token in range(len(bias)):
        text = tokenizer.decode([token])
        if text.startswith(" ") and text[1:].isalpha() and len(text) > 3:
            bias[token] = LIKELY_WORD
        elif not text.isprintable() or "\ufffd" in text:
            bias[token] = UNLIKELY  # parts of characters, control characters
    for text in ENDINGS:
        bias[tokenizer.encode(text, add_special_tokens=False).ids[-1]] = LIKELY_END
    bias[tokenizer.token_to_id("<|end|>")] = LIKELY_STOP
    return bias


def settings(tokenizer: Tokenizer) -> dict[str, dict[str, Any]]:
    """The JSON files of the folder by name."""
    begin, end, pad = (tokenizer.token_to_id(text) for text in ("<|begin|>", "<|end|>", "<|pad|>"))
    ids = {"bos_token_id": begin, "eos_token_id": end, "pad_token_id": pad}
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HIDDEN // HEADS,
        "hidden_act": "silu",
        "max_position_embeddings": CONTEXT,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "vocab_size": tokenizer.get_vocab_size(),
        "dtype": "float32",
        **ids,
    }
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<|begin|>",
        "eos_token": "<|end|>",
        "pad_token": "<|pad|>",
        "model_max_length": CONTEXT,
        "clean_up_tokenization_spaces": False,
        "chat_template": TEMPLATE,
    }
    return {"config.json": config, "tokenizer_config.json": tokenizer_config, "generation_config.json": dict(ids)}


def write_model(folder: Path) -> None:
    """All files of the model."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "model.safetensors").write_bytes(save(make_weights(tokenizer), metadata={"format": "pt"}))
    for name, content in settings(tokenizer).items():
        (folder / name).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_model(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
