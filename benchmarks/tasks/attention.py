"""Attention with two heads over series of twenty steps, as the book's Transformer has it: forward and backward."""

import torch

from shared.task import Task
from tasks.lstm_cell import share_right

TASK = Task(
    title="attention",
    score="share of outputs and gradients that are right to four digits",
    plain="PyTorch: one head after the other, each with layers of its own, their outputs side by side",
    library="PyTorch: nn.MultiheadAttention without its weights",
    from_scratch=True,
    note="The book's answers with the weights too, which its pages draw.",
)
N, LENGTH, SIZE, HEADS = 32, 20, 16, 2


def sides(n, length, size, n_heads):
    """The functions of a task for attention of this size."""

    def data(seed):
        """Positions, and the weights of queries, keys, values and outputs with their biases."""
        generator = torch.Generator().manual_seed(seed)
        W = torch.randn(4, size, size, generator=generator) / size**0.5
        return torch.randn(n, length, size, generator=generator), W, torch.zeros(4, size)

    def timed(X, attend):
        X = X.clone().requires_grad_()
        answer = attend(X)
        answer.square().mean().backward()
        return answer.detach(), X.grad

    def book():
        from mlfa.series.attention import MultiHeadAttention, causal_mask

        layer = MultiHeadAttention(size, n_heads=n_heads, generator=torch.Generator().manual_seed(0))
        layers = layer.queries, layer.keys, layer.values, layer.output

        def run(data, seed):
            X, W, b = data
            for part, weights, bias in zip(layers, W, b, strict=True):
                part.weight.data, part.bias.data = weights.clone(), bias.clone()
            layer.zero_grad()
            return timed(X, lambda X: layer(X, causal_mask(length))[0])

        return run

    def plain():
        from torch import nn

        d = size // n_heads

        class Head(nn.Module):
            def __init__(self):
                super().__init__()
                self.query, self.key, self.value = (nn.Linear(size, d) for _ in range(3))
                self.register_buffer("tril", torch.tril(torch.ones(length, length)))

            def forward(self, X):
                q, k, v = self.query(X), self.key(X), self.value(X)
                scores = q @ k.transpose(-2, -1) * d**-0.5
                scores = scores.masked_fill(self.tril == 0, float("-inf"))
                return torch.softmax(scores, dim=-1) @ v

        heads, last = nn.ModuleList(Head() for _ in range(n_heads)), nn.Linear(size, size)

        def run(data, seed):
            X, W, b = data
            for i, head in enumerate(heads):
                own = slice(i * d, (i + 1) * d)
                for part, weights, bias in zip((head.query, head.key, head.value), W[:3], b[:3], strict=True):
                    part.weight.data, part.bias.data = weights[own].clone(), bias[own].clone()
            last.weight.data, last.bias.data = W[3].clone(), b[3].clone()
            heads.zero_grad()
            last.zero_grad()
            return timed(X, lambda X: last(torch.cat([head(X) for head in heads], dim=-1)))

        return run

    def library():
        from torch import nn

        layer = nn.MultiheadAttention(size, n_heads, batch_first=True)

        def run(data, seed):
            X, W, b = data
            layer.in_proj_weight.data, layer.in_proj_bias.data = W[:3].flatten(0, 1), b[:3].flatten()
            layer.out_proj.weight.data, layer.out_proj.bias.data = W[3].clone(), b[3].clone()
            layer.zero_grad()
            mask = nn.Transformer.generate_square_subsequent_mask(length)
            return timed(X, lambda X: layer(X, X, X, attn_mask=mask, is_causal=True, need_weights=False)[0])

        return run

    def score(data, answer):
        X, W, b = (part.double() for part in data)

        def attend(X):
            Q, K, V = (
                (X @ weights.T + bias).unflatten(-1, (n_heads, -1)).transpose(1, 2)
                for weights, bias in zip(W[:3], b[:3], strict=True)
            )
            average = torch.nn.functional.scaled_dot_product_attention(Q, K, V, is_causal=True)
            return average.transpose(1, 2).flatten(2) @ W[3].T + b[3]

        return share_right(answer, timed(X, attend))

    return data, book, plain, library, score


data, book, plain, library, score = sides(N, LENGTH, SIZE, HEADS)
