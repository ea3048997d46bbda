"""Muon for the matrices between the embeddings, AdamW for the rest; all gradients in one buffer.

Muon (K. Jordan and others, 2024, https://kellerjordan.github.io/posts/muon) turns the momentum of a matrix into the
nearest orthogonal one; its step is scaled to the size of AdamW's as in J. Liu and others, 2025 (arXiv:2502.16982).
"""

from __future__ import annotations

import torch

CLIP = 1.0
"""The largest norm of all gradients together."""


class Optimizer:
    """Updates a model in place. `gradients`: all of them, flat, float32; each parameter's own is a view of it."""

    def __init__(self, model: torch.nn.Module, rate: float, matrix_rate: float) -> None:
        parameters = [p for p in model.parameters() if p.requires_grad]
        self.gradients = torch.zeros(sum(p.numel() for p in parameters), device=parameters[0].device)
        at = 0
        for parameter in parameters:
            parameter.grad = self.gradients[at : at + parameter.numel()].view_as(parameter)
            at += parameter.numel()
        matrices = [p for name, p in model.named_parameters() if p.dim() == 2 and "embed" not in name]
        embeddings = [p for name, p in model.named_parameters() if p.dim() == 2 and "embed" in name]
        vectors = [p for p in parameters if p.dim() < 2]
        groups = [{"params": embeddings, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
        self.peaks = (matrix_rate, rate)
        self.rate = 0.0
        self.parts: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.Muon(matrices, lr=matrix_rate, weight_decay=0.1, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.95), fused=self.gradients.is_cuda),
        )

    def step(self, share: float) -> None:
        """One step at this share of the highest rates; then the gradients are zero again."""
        norm = self.gradients.norm()
        self.gradients *= (CLIP / (norm + 1e-6)).clamp(max=1.0)
        for part, peak in zip(self.parts, self.peaks, strict=True):
            for group in part.param_groups:
                group["lr"] = peak * share
            part.step()
        self.rate = self.peaks[-1] * share
        self.gradients.zero_()
