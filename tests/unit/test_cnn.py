"""The convolutional network and what looks into it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics
from torch import nn

from mlfa.images.augmentation import RandomShift
from mlfa.images.cnn import CNN, ConvBlock, receptive_field, small_cnn
from mlfa.images.pixels import to_floats, to_vectors
from mlfa.images.rows import train_on_pixels
from mlfa.images.saliency import occlusion, saliency, strongest_patches
from mlfa.scoring.confusions import confused_pairs, confusion_sentence
from mlfa.scoring.metrics import accuracy, confusion_matrix
from mlfa.training.cycle import train_one_cycle
from mlfa.training.layers import count_parameters
from mlfa.training.predicting import predicting
from mlfa.training.schedules import one_cycle
from mlfa.training.summary import layer_shapes
from mlfa.training.trainer import Trainer


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def small():
    return CNN((1, 28, 28), [ConvBlock(4), ConvBlock(8)], [16], 10, generator=generator())


def test_the_small_network_has_the_parameters_of_the_formula():
    assert count_parameters(small()) == 6794


def test_the_small_network_of_the_pages_is_drawn_by_its_seed():
    for seed in (0, 1):
        blocks = [ConvBlock(4), ConvBlock(8)]
        expected = CNN((1, 28, 28), blocks, [16], 10, generator=generator(seed)).state_dict()
        found = small_cnn(seed).state_dict()
        assert found.keys() == expected.keys() and all(torch.equal(found[k], expected[k]) for k in expected)


def some_digits(n=50):
    X = torch.randint(0, 256, (n, 1, 28, 28), dtype=torch.uint8, generator=generator(1))
    X[..., :3] = 0  # paper
    return X, torch.randint(0, 10, (n,), generator=generator(2))


def test_training_in_one_cycle_is_what_optimizer_schedule_and_trainer_do():
    data, weights, losses = some_digits(), [], []
    for by_hand in (True, False):
        model = small_cnn(3)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.02, fused=True)
        if by_hand:
            cycle = one_cycle(optimizer, 0.02, epochs=3, n_samples=50, batch_size=16)
            settings = {"scheduler": cycle, "scheduler_each_batch": True, "transform": to_floats}
            trainer = Trainer(model, nn.functional.cross_entropy, optimizer, **settings, device="cpu", seed=4)
            trainer.fit(data, data, epochs=3, batch_size=16)
        else:
            settings = {"epochs": 3, "batch_size": 16, "transform": to_floats}
            trainer = train_one_cycle(model, data, optimizer, data, **settings, seed=4)
        weights.append(model.state_dict())
        losses.append(trainer.history)
    assert all(torch.equal(weights[0][k], weights[1][k]) for k in weights[0]) and losses[0] == losses[1]


def test_a_reader_of_rows_starts_linear_from_zero_and_never_weighs_what_is_always_paper():
    X, y = some_digits()
    model = train_on_pixels((X, y), (), learning_rate=0.01, seed=0, epochs=1).model
    weights = model.layers[0].weight.detach().reshape(10, 28, 28)
    assert not weights[..., :3].any() and weights[..., 3:].all()
    hidden = train_on_pixels((X, y), [5], learning_rate=0.01, seed=0, epochs=1)
    assert count_parameters(hidden.model) == 785 * 5 + 60
    torch.testing.assert_close(hidden.predict(X), hidden.model(to_vectors(X)))


@settings(max_examples=30)
@given(
    st.integers(1, 4),
    st.integers(1, 21),
    st.integers(1, 21),
    st.lists(
        st.builds(ConvBlock, st.integers(1, 5), st.sampled_from([1, 3, 5]), st.integers(1, 3)), min_size=1, max_size=3
    ),
    st.lists(st.integers(1, 6), max_size=2),
)
def test_any_shape_goes_through(channels, height, width, layers, hidden):
    model = CNN((channels, height, width), layers, hidden, 3, generator=generator())
    assert model(torch.rand(2, channels, height, width, generator=generator())).shape == (2, 3)
    expected, n_in = 0, channels
    for n_filters, kernel_size, pool in layers:
        expected += n_filters * (n_in * kernel_size**2 + 1)
        n_in, height, width = n_filters, -(-height // pool), -(-width // pool)
    sizes = [n_in * height * width, *hidden, 3]
    expected += sum((a + 1) * b for a, b in itertools.pairwise(sizes))
    assert count_parameters(model) == expected


def test_it_equals_the_plain_network_with_relu_before_pooling():
    model = small()
    first, second = model.features[0], model.features[3]
    plain = nn.Sequential(
        first, nn.ReLU(), nn.MaxPool2d(2), second, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), model.head
    )
    X = torch.rand(5, 1, 28, 28, generator=generator(1))
    torch.testing.assert_close(model(X), plain(X.contiguous()))


@pytest.mark.parametrize("activation", ["gelu", "tanh"])
def test_the_activation_is_everywhere_and_by_default_it_is_relu(activation):
    model = CNN((1, 28, 28), [ConvBlock(4), ConvBlock(8, 3, 1)], [16], 10, activation=activation, generator=generator())
    kinds = [type(layer) for layer in model.modules() if type(layer).__module__.endswith("activation")]
    assert kinds == [{"gelu": nn.GELU, "tanh": nn.Tanh}[activation]] * 3
    usual = CNN((1, 28, 28), [ConvBlock(4), ConvBlock(8)], [16], 10, activation="relu", generator=generator())
    X = torch.rand(3, 1, 28, 28, generator=generator(1))
    assert torch.equal(usual(X), small()(X))


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match=r"activation must be one of relu, .*, got 'step'"):
        CNN((1, 28, 28), [ConvBlock(4)], [], 10, activation="step", generator=generator())


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from([1, 3, 5]), st.integers(1, 3)), min_size=1, max_size=3))
def test_the_receptive_field_is_what_changes_a_number(chain):
    """Ones as weights, and a mean in place of the largest: then every pixel in reach counts."""
    layers, parts = [], []
    for width, pool in chain:
        conv = nn.Conv2d(1, 1, width, padding=width // 2, bias=False)
        nn.init.ones_(conv.weight)
        layers += [(width, 1), (pool, pool)]
        parts += [conv, nn.AvgPool2d(pool)]
    size = 2 * 81
    X = torch.zeros(1, 1, size, size, requires_grad=True)
    maps = nn.Sequential(*parts)(X)
    place = maps.shape[-1] // 2
    (gradient,) = torch.autograd.grad(maps[0, 0, place, place], X)
    rows = gradient[0, 0].abs().sum(dim=1).nonzero()
    assert receptive_field(layers)[-1] == len(rows) == int(rows[-1] - rows[0]) + 1


def test_a_receptive_field_needs_whole_numbers():
    with pytest.raises(ValueError, match="stride must be a whole number"):
        receptive_field([(3, 0)])


def test_the_last_row_and_column_count():
    model = CNN((1, 5, 5), [ConvBlock(2)], [], 1, generator=generator(3))
    X = torch.rand(1, 1, 5, 5, generator=generator(1))
    changed = X.clone()
    changed[..., -1, -1] += 5
    assert not torch.equal(model(X), model(changed))


def test_the_generator_draws_the_weights_and_nobody_else():
    state = torch.get_rng_state()
    a, b = small(), small()
    assert all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters(), strict=True))
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (((28, 28), [ConvBlock(4)], [], 10), ValueError, "not enough values"),
        (((1, 28, 28), [ConvBlock(4, 2)], [], 10), ValueError, "kernel_size must be odd, got 2"),
        (((1, 28, 28), [ConvBlock(4, 3, 0)], [], 10), ZeroDivisionError, "by zero"),  # no pool of 0 is left out
    ],
)
def test_wrong_settings_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        CNN(*arguments, generator=generator())


@pytest.mark.parametrize("shape", [(2, 1, 28, 27), (2, 1, 14, 56), (1, 28, 28), (2, 1, 784)])
def test_images_of_another_shape_are_refused_also_those_of_as_many_pixels(shape):
    words = ", ".join(map(str, shape))
    with pytest.raises(ValueError, match=rf"X must have shape \(n=?\d*, 1, 28, 28\), got \({words}\)"):
        small()(torch.zeros(shape))


def test_only_bytes_become_floats():
    assert to_floats(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [0.0, 1.0]
    with pytest.raises(TypeError, match=r"X must hold bytes"):
        to_floats(torch.zeros(2))


def test_layer_shapes_lists_every_layer_and_leaves_no_hook():
    model = small()
    table = layer_shapes(model, (1, 28, 28))
    assert table["output shape"][:4] == ["1 × 28 × 28", "4 × 28 × 28", "4 × 14 × 14", "4 × 14 × 14"]
    assert sum(table["parameters"]) == count_parameters(model)
    assert not any(layer._forward_hooks for layer in model.modules())


def test_saliency_is_the_slope_of_the_score():
    model = small().double()
    X = torch.rand(2, 1, 28, 28, generator=generator(1), dtype=torch.float64)
    y = torch.tensor([3, 7])
    gradient = saliency(model, X, y)
    step = 1e-6
    for row, column in ((10, 10), (3, 20)):
        moved = X.clone()
        moved[:, 0, row, column] += step
        slope = (model(moved) - model(X)).gather(1, y[:, None])[:, 0] / step
        torch.testing.assert_close(gradient[:, 0, row, column], slope, rtol=1e-4, atol=1e-6)
    assert all(p.grad is None for p in model.parameters())


def test_saliency_refuses_bytes_and_other_lengths():
    with pytest.raises(RuntimeError, match="floating point"):  # PyTorch's own words
        saliency(small(), torch.zeros(1, 1, 28, 28, dtype=torch.uint8), torch.tensor([1]))
    with pytest.raises(ValueError, match=r"y must have shape \(n=2,\), got \(1,\)"):  # the rest would get zeros
        saliency(small(), torch.zeros(2, 1, 28, 28), torch.tensor([1]))


def test_saliency_asks_without_dropout_and_leaves_model_and_images_as_they_were():
    model = nn.Sequential(small(), nn.Dropout(0.5)).train()
    X, y = torch.rand(3, 1, 28, 28, generator=generator()), torch.tensor([0, 1, 2])
    gradient = saliency(model, X, y)
    assert torch.equal(gradient, saliency(model[0], X, y)) and gradient.any()
    assert model.training and model[1].training and not X.requires_grad
    with torch.no_grad():  # as on a page that only looks at a trained network
        assert torch.equal(saliency(model, X, y), gradient)


def test_saliency_goes_to_the_device_of_the_model_and_comes_back(from_meta):
    X, y = torch.zeros(2, 1, 28, 28), torch.tensor([3, 7])
    gradient = saliency(small().to("meta"), X, y)
    assert gradient.device.type == "cpu" and gradient.shape == X.shape


def test_occlusion_is_the_fall_of_the_probability():
    model, X, y = small(), torch.rand(3, 1, 28, 28, generator=generator(1)), torch.tensor([3, 7, 1])
    falls = occlusion(model, X, y, size=5, stride=3)
    assert falls.shape == (3, 8, 8)
    covered = X.clone()
    covered[:, :, 6:11, 3:8] = 0
    with torch.no_grad():
        whole, rest = (model(part).softmax(dim=1).gather(1, y[:, None])[:, 0] for part in (X, covered))
    torch.testing.assert_close(falls[:, 2, 1], whole - rest)
    assert not occlusion(model, 0 * X, y, size=5, stride=3).any()  # there is nothing to cover


def test_occlusion_leaves_model_and_images_as_they_were(from_meta):
    model = nn.Sequential(small(), nn.Dropout(0.5)).train()
    X, y = torch.rand(2, 1, 28, 28, generator=generator()), torch.tensor([0, 1])
    before = X.clone()
    assert torch.equal(occlusion(model, X, y, size=14, stride=14), occlusion(model[0], X, y, size=14, stride=14))
    assert torch.equal(X, before) and model.training and model[1].training
    assert occlusion(small().to("meta"), X, y, size=14, stride=14).device.type == "cpu"
    for settings_, message in [({"size": 29}, "size must be at most 28"), ({"size": 3, "stride": 0}, "stride")]:
        with pytest.raises(ValueError, match=message):
            occlusion(small(), X, y, **settings_)


def test_strongest_patches_are_what_a_response_sees():
    """A map that is the sum of its own patch: the strongest is the patch with the most ink."""
    X = torch.rand(9, 1, 8, 8, generator=generator(2))
    sums = nn.functional.avg_pool2d(nn.functional.pad(X, (1, 1, 1, 1)), 4, stride=2)  # the first sees pixels -1..2
    found = strongest_patches(sums, X, size=4, stride=2, start=-1, n_patches=3)
    assert found.shape == (1, 3, 4, 4)
    best = sums.flatten(1).max(dim=1).values.sort(descending=True).values[:3]
    torch.testing.assert_close(found.mean(dim=(2, 3))[0], best)
    with pytest.raises(ValueError, match="n_patches must be at most 9"):
        strongest_patches(sums, X, size=4, stride=2, start=-1, n_patches=10)


def test_predicting_restores_the_mode_of_every_layer_also_after_an_error():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Dropout(0.5)).train()
    model[1].eval()  # frozen by its owner
    with pytest.raises(RuntimeError), predicting(model) as device:
        assert device == torch.device("cpu") and not torch.is_grad_enabled()
        assert not any(layer.training for layer in model.modules())
        model(torch.ones(1, 3))
    assert [layer.training for layer in model.modules()] == [True, True, False, True] and torch.is_grad_enabled()
    with predicting(nn.Flatten()) as device:  # no weights, so no device of its own
        assert device == torch.device("cpu")


def test_confused_pairs_add_both_directions():
    counts = np.array([[90, 3, 1], [4, 80, 0], [0, 2, 70]])
    assert confused_pairs(counts, "abc") == [("b", "a", 7), ("c", "b", 2), ("c", "a", 1)]
    assert confusion_sentence(counts, "abc", most=2) == (
        "Most often taken for each other are a and b (7 times) and b and c (2 times)."
    )
    assert confusion_sentence(counts, "abc", most=1).startswith("The pair taken for each other most often is a and b")
    assert confusion_sentence(np.eye(3), "abc") == "No class is taken for another."
    with pytest.raises(ValueError, match="counts"):
        confused_pairs(counts, "ab")


def test_random_shift_is_the_seeds():
    X = torch.rand(2, 1, 9, 9, generator=generator())
    a, b, c = (RandomShift(3, generator=generator(seed)) for seed in (0, 0, 1))
    runs = [[augment(X) for _ in range(5)] for augment in (a, b, c)]
    assert all(torch.equal(x, y) for x, y in zip(runs[0], runs[1], strict=True))
    assert not all(torch.equal(x, y) for x, y in zip(runs[0], runs[2], strict=True))


def test_one_cycle_rises_and_falls_over_all_batches():
    layer = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    schedule = one_cycle(optimizer, 0.1, epochs=3, n_samples=25, batch_size=10)
    rates = []
    for _ in range(9):  # three batches an epoch, the last of them smaller
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    top = int(np.argmax(rates))
    assert rates[0] == pytest.approx(0.1 / 25) and max(rates) <= 0.1 and 0 < top < 5
    assert rates[: top + 1] == sorted(rates[: top + 1]) and rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] < 0.001
    with pytest.raises(ValueError, match="learning_rate"):
        one_cycle(optimizer, 0.0, epochs=1, n_samples=1, batch_size=1)
    with pytest.raises(ValueError, match="batch_size"):
        one_cycle(optimizer, 0.1, epochs=1, n_samples=1, batch_size=0)


def test_one_cycle_leaves_the_momentum_alone():
    """PyTorch's own default moves Adam's first beta and SGD's momentum against the rate."""
    weights = nn.Linear(1, 1).parameters
    adam, sgd = torch.optim.Adam(weights(), betas=(0.9, 0.99)), torch.optim.SGD(weights(), lr=1.0, momentum=0.7)
    for optimizer in (adam, sgd):
        schedule = one_cycle(optimizer, 0.1, epochs=2, n_samples=25, batch_size=10)
        (group,) = optimizer.param_groups
        for _ in range(5):
            assert group["betas"] == (0.9, 0.99) if optimizer is adam else group["momentum"] == 0.7
            optimizer.step()
            schedule.step()


@settings(max_examples=30)
@given(st.integers(1, 60), st.integers(2, 6), st.integers(0, 10**6))
def test_accuracy_and_confusions_equal_scikit_learns(n, k, seed):
    rng = np.random.default_rng(seed)
    y, y_pred = rng.integers(k, size=n), rng.integers(k, size=n)
    assert accuracy(y, y_pred) == pytest.approx(metrics.accuracy_score(y, y_pred))
    expected = metrics.confusion_matrix(y, y_pred, labels=range(k))
    assert np.array_equal(confusion_matrix(y, y_pred, n_classes=k), expected)


def test_class_numbers_are_checked():
    with pytest.raises(ValueError, match="y_pred must hold class numbers"):
        accuracy(np.array([0, 1]), np.array([0.2, 0.8]))
    with pytest.raises(IndexError, match="2 is out of bounds"):  # NumPy's own words
        confusion_matrix(np.array([0, 2]), np.array([0, 1]), n_classes=2)
