"""A small convolutional network reads digits: one epoch of 20,000."""

from mlfa.scoring.metrics import accuracy
from shared import digits as shared_digits
from shared.task import Task

TASK = Task(
    title="a small CNN",
    score="accuracy on validation data",
    plain="PyTorch: nn.Sequential, a loop over a DataLoader, ToTensor for each image, as torchvision's MNIST does it",
    library="skorch: NeuralNet around the plain network, on tensors of floats",
    trains=True,
    note="Most of the difference to plain is the way of each image to a picture and back; the rest is the order of "
    "channels in memory, pooling before ReLU, and batches by one indexing.",
)
SETTING = {"epochs": 1, "batch_size": 128, "learning_rate": 0.005}


def data(seed):
    return shared_digits.digits(20_000)


def book():
    import torch

    from mlfa.images.cnn import CNN, ConvBlock
    from mlfa.images.pixels import to_floats
    from shared.by_trainer import fit

    def run(data, seed):
        generator = torch.Generator().manual_seed(seed)
        model = CNN((1, 28, 28), [ConvBlock(4), ConvBlock(8)], [16], 10, generator=generator)
        loss = torch.nn.functional.cross_entropy
        trainer = fit(model, loss, (data.X, data.y), transform=to_floats, seed=seed, **SETTING)
        return trainer.predict(data.X_val).argmax(dim=1)

    return run


def network():
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 8, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(8 * 7 * 7, 16),
        nn.ReLU(),
        nn.Linear(16, 10),
    )


def plain():
    import torch

    from shared.by_dataloader import fit
    from shared.one_by_one import OneByOne

    def run(data, seed):
        torch.manual_seed(seed)
        model = network()
        fit(model, torch.nn.CrossEntropyLoss(), OneByOne(data.X, data.y), seed=seed, **SETTING)
        with torch.no_grad():
            return model(data.X_val / 255).argmax(dim=1)

    return run


def library():
    import torch

    from shared.by_skorch import fit

    def run(data, seed):
        torch.manual_seed(seed)
        net = fit(network(), torch.nn.CrossEntropyLoss, (data.X / 255, data.y), seed=seed, **SETTING)
        return torch.from_numpy(net.predict_proba(data.X_val / 255)).argmax(dim=1)

    return run


def score(data, answer):
    return accuracy(data.y_val.numpy(), answer.numpy())
