"""Devices: a missing one is an error rather than a slow surprise, and nothing assumes the CPU.

The device "meta" knows shapes and no numbers, and refuses tensors of the CPU as a card does: what runs there computes
where its input is.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from mlfa.images.augmentation import RandomShift
from mlfa.images.cnn import CNN, ConvBlock
from mlfa.images.unet import UNet
from mlfa.series.recurrent import RNN
from mlfa.series.transformers import Transformer
from mlfa.training import trainer as training
from mlfa.training.batches import make_batches
from mlfa.training.devices import pick_device
from mlfa.training.layers import Dropout, LayerNorm, conv_layer, linear_layer
from mlfa.training.mlp import MLP
from mlfa.training.predicting import predicting
from mlfa.training.summary import layer_shapes
from mlfa.training.trainer import Trainer

SCRIPT = Path(__file__).parents[1] / "device.sh"


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


MODELS = {
    "MLP": (lambda: MLP(3, [5], 2, dropout=0.5, generator=generator()), (3,), (2,)),
    "CNN": (lambda: CNN((1, 8, 8), [ConvBlock(2)], [4], 3, generator=generator()), (1, 8, 8), (3,)),
    "UNet": (lambda: UNet(1, 1, generator=generator()), (1, 8, 8), (1, 8, 8)),
    "RNN": (lambda: RNN(1, 4, 2, generator=generator()), (6, 1), (6, 2)),
    "Transformer": (lambda: Transformer(1, 2, generator=generator()), (6, 1), (6, 2)),
    "shift": (lambda: nn.Sequential(RandomShift(2, generator=generator())), (1, 8, 8), (1, 8, 8)),
}


@pytest.fixture
def machine(monkeypatch):
    def build(cuda, mps):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return build


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(False, False, "cpu"), (True, False, "cuda"), (False, True, "mps"), (True, True, "cuda")],
)
def test_auto_takes_the_fastest(machine, cuda, mps, expected):
    machine(cuda, mps)
    assert pick_device() == pick_device("auto") == torch.device(expected)


@pytest.mark.parametrize("name", ["cpu", "cuda", "mps"])
def test_named_device(machine, name):
    machine(True, True)
    assert pick_device(name) == torch.device(name)


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_missing_device_is_named_with_what_there_is(machine, name):
    machine(False, False)
    with pytest.raises(RuntimeError, match=f"device '{name}' is not available here; available: cpu"):
        pick_device(name)


@pytest.mark.parametrize("name", ["gpu", "", None, "CUDA"])
def test_unknown_device_lists_the_known_ones(name):
    with pytest.raises(ValueError, match="auto, cpu, cuda, mps"):
        pick_device(name)


# --- on another device


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", MODELS)
def test_models_compute_where_their_weights_are(name, training):
    make, shape, expected = MODELS[name]
    model = make().to("meta").train(training)
    y_pred = model(torch.zeros(4, *shape, device="meta"))
    assert y_pred.device.type == "meta" and y_pred.shape == (4, *expected)


@pytest.mark.parametrize(
    "layer",
    [
        linear_layer(4, 4, init="he", generator=generator()),
        conv_layer(4, 4, 3, generator=generator()),
        Dropout(0.5, generator=generator()),
        LayerNorm(4),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_compute_where_their_weights_are(layer):
    assert layer.to("meta")(torch.zeros(2, 4, 4, 4, device="meta")).device.type == "meta"


def test_batches_stay_where_the_samples_are():
    X = torch.zeros(5, 2, device="meta")
    batches = list(make_batches((X, X), 2, generator=generator()))
    assert [part.device.type for batch in batches for part in batch] == ["meta"] * 6


@pytest.mark.parametrize("device", ["cpu", "meta"])
@pytest.mark.parametrize("name", MODELS)
def test_layer_shapes_follows_the_model(name, device):
    make, shape, _ = MODELS[name]
    model = make().to(device)
    modes = [layer.training for layer in model.modules()]
    state = generator().get_state()
    table = layer_shapes(model, shape)
    assert (
        table["output shape"][0] == " × ".join(map(str, shape)) and len({len(column) for column in table.values()}) == 1
    )
    assert [layer.training for layer in model.modules()] == modes
    if name == "RNN":
        assert table["layer"] == ["input", "LSTM", "Linear"] and table["output shape"][1:] == ["6 × 4", "6 × 2"]
    if name == "shift":  # the table draws nothing
        assert torch.equal(model[0].generator.get_state(), state)


def test_predicting_tells_the_device_and_leaves_every_mode_as_it_was():
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5), nn.BatchNorm1d(2).eval()).to("meta")
    with pytest.raises(KeyError), predicting(model) as device:
        assert device.type == "meta" and not torch.is_grad_enabled()
        assert not any(layer.training for layer in model.modules())
        raise KeyError
    assert [layer.training for layer in model] == [True, True, False] and torch.is_grad_enabled()


class FakeCard:
    """Calls that must move their tensors: a stand-in for a model on a card, with numbers."""

    def __init__(self, monkeypatch):
        self.moved = []
        to = torch.Tensor.to
        monkeypatch.setattr(
            torch.Tensor, "to", lambda tensor, *args, **kwargs: self.note(tensor, args) or to(tensor, *args, **kwargs)
        )

    def note(self, tensor, args):
        if args == (torch.device("cpu"),):
            self.moved.append(tuple(tensor.shape))


def test_the_trainer_moves_every_batch_to_its_device(monkeypatch):
    model = MLP(3, [4], 1, generator=generator())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    trainer = Trainer(model, nn.functional.mse_loss, optimizer, device="cpu", seed=0)
    card = FakeCard(monkeypatch)
    data = torch.zeros(4, 3), torch.ones(4, 1)
    trainer.fit(data, data, epochs=1, batch_size=4)
    assert card.moved == [(4, 3), (4, 1)] * 2
    trainer.predict(data[0])
    trainer.predict(DataLoader(TensorDataset(*data), batch_size=4))
    assert card.moved[4:] == [(4, 3)] * 2


def test_the_trainer_moves_the_model(monkeypatch):
    monkeypatch.setattr(training, "pick_device", lambda name: torch.device("meta"))
    model = MLP(3, [4], 1, generator=generator())
    Trainer(model, nn.functional.mse_loss, torch.optim.SGD(model.parameters(), lr=0.1), device="cuda", seed=0)
    assert {parameter.device.type for parameter in model.parameters()} == {"meta"}


# --- the script for machines with a card


def test_the_script_says_so_where_there_is_no_card():
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(["sh", str(SCRIPT)], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert "no CUDA device here: nothing was compared" in done.stdout


@pytest.fixture
def device_losses():
    spec = importlib.util.spec_from_file_location("device_losses", SCRIPT.with_name("device_losses.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_comparison_of_losses_notices_a_difference(device_losses, monkeypatch, capsys):
    mlp = device_losses.mlp
    monkeypatch.setattr(device_losses, "MODELS", {"MLP": mlp})
    assert device_losses.main("cpu") == 0 and "cpu and cpu agree" in capsys.readouterr().out
    runs = []

    def another_each_time(device):
        runs.append(mlp(device))
        runs[-1].history["validation_loss"][-1] += 0.1 * len(runs)
        return runs[-1]

    monkeypatch.setattr(device_losses, "MODELS", {"MLP": another_each_time})
    assert device_losses.main("cpu") == 1 and "differ: MLP" in capsys.readouterr().out
    with pytest.raises(RuntimeError, match="device 'mps' is not available"):
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
        device_losses.main("mps")


def test_every_kind_of_model_is_compared(device_losses):
    assert set(device_losses.MODELS) == {"MLP", "CNN", "UNet", "Flow", "RNN", "Transformer"}
