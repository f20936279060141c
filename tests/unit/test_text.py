"""Tokens, n-grams and networks that read text, against references that are written another way."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np
import pytest
import torch

from mlfa.datasets import load_prose
from mlfa.datasets.prose import FILE
from mlfa.plotting import letter_costs
from mlfa.series.ngrams import NGrams
from mlfa.series.recurrent import RNN
from mlfa.series.text import (
    TextNetwork,
    copied_lengths,
    next_probabilities,
    text_windows,
    token_bits,
    write,
)
from mlfa.series.tokens import Tokenizer, learn_merges, merge
from mlfa.series.transformers import Transformer

TEXT = "\n".join(load_prose().train.values())[:6000]
PARTS = load_prose()


def small(kind: str, n_tokens: int, size: int = 16) -> TextNetwork:
    seeded = torch.Generator().manual_seed(0)
    if kind == "lstm":
        network = RNN(size, 24, n_tokens, generator=seeded)
    else:
        network = Transformer(size, n_tokens, size=size, generator=seeded)
    return TextNetwork(n_tokens, size, network, generator=seeded)


def test_the_three_parts_are_whole_pages_without_a_common_one() -> None:
    names = [*PARTS.train, *PARTS.validation, *PARTS.test_pages]
    assert len(names) == len(set(names)) == 24
    assert [len(PARTS.train), len(PARTS.validation), len(PARTS.test_pages)] == [18, 3, 3]
    texts = [*PARTS.train.values(), *PARTS.validation.values()]
    assert all(text.endswith("\n") and text.isascii() and "= " not in text for text in texts)
    with pytest.raises(TypeError, match="sealed"):
        PARTS.test[0]
    assert FILE.endswith(".txt")


def test_no_sentence_stands_in_two_parts() -> None:
    def sentences(text: str) -> set[str]:
        return {s for s in re.split(r"(?<=[.?!])\s+", text) if len(s) > 30}

    train, validation, test = (
        sentences("".join(texts))
        for texts in (PARTS.train.values(), PARTS.validation.values(), [PARTS.test.open("a test of the split")])
    )
    assert not train & validation and not (train | validation) & test


def test_tokens_go_there_and_back() -> None:
    for n_merges in (0, 1, 50):
        tokenizer = Tokenizer(TEXT, learn_merges(TEXT, n_merges))
        tokens = tokenizer.encode(TEXT)
        assert tokenizer.decode(tokens) == TEXT and int(tokens.max()) < len(tokenizer)
        assert len(tokenizer) == len(set(TEXT)) + n_merges
    with pytest.raises(ValueError, match="'é'"):
        tokenizer.encode("café")


def test_merges_equal_those_of_the_published_program() -> None:
    """Sennrich's program joins symbols by spaces and replaces a pair by a pattern."""
    vocabulary: Counter[str] = Counter()
    for word, count in Counter(re.findall(r" ?[A-Za-z]+|.", TEXT, flags=re.DOTALL)).items():
        vocabulary[" ".join(word.replace(" ", "_").replace("\n", "¶"))] += count
    expected = []
    for _ in range(120):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, count in vocabulary.items():
            symbols = word.split()
            for i in range(len(symbols) - 1):
                pairs[symbols[i], symbols[i + 1]] += count
        # Of pairs that are equally common, the first as ours sorts them, with a real space.
        best = min(pairs, key=lambda p: (-pairs[p], tuple(s.replace("_", " ") for s in p)))
        expected.append(tuple(s.replace("_", " ") for s in best))
        pattern = re.compile(r"(?<!\S)" + re.escape(" ".join(best)) + r"(?!\S)")
        vocabulary = Counter({pattern.sub("".join(best), word): n for word, n in vocabulary.items()})
    assert "_" not in TEXT and learn_merges(TEXT, 120) == expected


def test_merge_takes_pairs_from_the_left() -> None:
    assert merge(list("aaaa"), ("a", "a")) == ["aa", "aa"]
    assert merge(list("abab"), ("a", "b")) == ["ab", "ab"]
    assert merge(["a"], ("a", "a")) == ["a"]


def by_hand(text: str, context: str, letter: str, order: int, discount: float) -> float:
    """Kneser-Ney as the papers write it, by going through the text again and again."""
    guess = 1 / len(set(text))
    for n in range(order):
        if n > len(context):
            break
        before = context[len(context) - n :]
        seen: dict[str, set[str] | list[str]] = defaultdict(list if n == order - 1 else set)
        for i in range(len(text)):
            start = i - n
            if start < 0 or text[start:i] != before:
                continue
            if n == order - 1:
                seen[text[i]].append(i)
            elif start > 0:
                seen[text[i]].add(text[start - 1])
        total = sum(map(len, seen.values()))
        if total:
            kept = max(len(seen.get(letter, ())) - discount, 0)
            guess = (kept + discount * len(seen) * guess) / total
    return guess


def test_ngrams_equal_the_definition() -> None:
    text = TEXT[:400]
    model = NGrams(text, longest=4)
    for order in (1, 2, 3, 4):
        for context in ("", "t", "th", "the ", "zz", text[-3:]):
            p = model.probabilities(context, order=order, discount=0.6)
            expected = [by_hand(text, context, letter, order, 0.6) for letter in model.letters]
            np.testing.assert_allclose(p, expected, rtol=1e-12)
            assert abs(p.sum() - 1) < 1e-12


def test_bits_of_ngrams_are_logs_of_their_guesses() -> None:
    model, new = NGrams(TEXT[:3000], longest=5), TEXT[3000:3200]
    new = "".join(letter for letter in new if letter in model.letters)
    discounts = [0.5, 0.9]
    for order in (1, 3, 5):
        bits = model.bits(new, order=order, discount=discounts)
        assert bits.shape == (2, len(new))
        for d, row in zip(discounts, bits, strict=True):
            expected = [
                -np.log2(model.probabilities(new[:i], order=order, discount=d)[model.letters.index(letter)])
                for i, letter in enumerate(new)
            ]
            np.testing.assert_allclose(row, expected, rtol=1e-10)
        np.testing.assert_allclose(model.bits(new, order=order, discount=0.9), bits[1])
    with pytest.raises(ValueError, match="at most longest=5"):
        model.bits(new, order=6, discount=0.5)


@pytest.mark.parametrize("kind", ["lstm", "transformer"])
def test_a_network_never_reads_ahead_and_its_bits_are_its_probabilities(kind: str) -> None:
    tokenizer = Tokenizer(TEXT)
    tokens, window = tokenizer.encode(TEXT[:150]), 40
    model = small(kind, len(tokenizer))
    changed = tokens.clone()
    changed[31:] = 0
    with torch.no_grad():
        before, after = model(tokens[None, :40]), model(changed[None, :40])
    assert torch.equal(before[:, :, :31], after[:, :, :31])
    bits = token_bits(model, tokens, window=window)
    assert len(bits) == 149 and bool((bits > 0).all())
    for place in (0, 5, 39):  # the first window reads all that came before
        p = next_probabilities(model, tokens[: place + 1], window=window)
        assert float(bits[place]) == pytest.approx(-float(p[tokens[place + 1]].log2()), rel=1e-4)
    # Every other token was guessed from at least half a window.
    starts = [*range(0, 149 - 40, 20), 149 - 40]
    last = max(start for start in starts if start + 20 <= 100)
    p = next_probabilities(model, tokens[last:101], window=window)
    options = [
        -float(next_probabilities(model, tokens[start:101], window=window)[tokens[101]].log2())
        for start in starts
        if start + 20 <= 100 < start + 40
    ]
    assert any(float(bits[100]) == pytest.approx(option, rel=1e-4) for option in options)
    for wrong in (41, 150):
        with pytest.raises(ValueError, match="even and shorter"):
            token_bits(model, tokens, window=wrong)


def test_an_embedding_is_a_picked_row() -> None:
    model = small("lstm", 7)
    tokens = torch.tensor([[3, 0, 6]])
    table = model.embedding.weight
    one_hot = torch.nn.functional.one_hot(tokens, 7).float()
    assert torch.equal(model.embedding(tokens), one_hot @ table)


def test_windows_and_targets() -> None:
    X, y = text_windows(torch.arange(100), 10, step=5)
    assert torch.equal(y, X + 1) and X.shape == (18, 10) and X[1, 0] == 5


def test_writing_follows_the_probabilities() -> None:
    model = small("lstm", 5)
    prompt = torch.tensor([1, 2])
    one, again = (write(model, prompt, 12, window=8, generator=torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one, again) and len(one) == 12
    cold = write(model, prompt, 3, window=8, temperature=1e-4, generator=torch.Generator().manual_seed(0))
    assert int(cold[0]) == int(next_probabilities(model, prompt, window=8).argmax())
    with pytest.raises(ValueError, match="temperature"):
        next_probabilities(model, prompt, window=8, temperature=0)


def test_copied_lengths_equal_a_slow_count() -> None:
    text, source = "the cat sat on that mat", "that cat sat on the mat"
    slow = [max(n for n in range(len(text) - i + 1) if text[i : i + n] in source) for i in range(len(text))]
    assert copied_lengths(text, source) == slow


def test_letter_costs_draws_every_letter() -> None:
    axes = letter_costs("so it goes", {"a": range(10), "b": [1.0] * 10}, per_row=6).axes
    assert [len(ax.get_xticks()) for ax in axes] == [6, 4]
    assert axes[0].get_xticklabels()[2].get_text() == "_"
    with pytest.raises(ValueError, match="same length"):
        letter_costs("so", {"a": [1.0]})
