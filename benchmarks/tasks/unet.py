"""A U-Net draws the right half of digits from the left: two epochs of 1,000."""

from shared import digits as shared_digits
from shared.task import Task

TASK = Task(
    title="a U-Net",
    score="minus the mean squared error of pixels on validation data",
    plain="PyTorch: a U-Net as tutorials write it, a loop over a DataLoader, ToTensor for each image",
    library="skorch: NeuralNet around the plain U-Net, on tensors of floats",
    trains=True,
    note="The plain U-Net doubles its maps by ConvTranspose2d; the book copies pixels after a 1 by 1 convolution.",
)
SETTING = {"epochs": 2, "batch_size": 16, "learning_rate": 0.005}


def data(seed):
    return shared_digits.digits(1000)


def book():
    import torch

    from mlfa.images.completion import completion_loss, hide_right
    from mlfa.images.unet import UNet
    from shared.by_trainer import fit

    def run(data, seed):
        model = UNet(1, 1, depth=2, n_filters=8, generator=torch.Generator().manual_seed(seed))
        trainer = fit(model, completion_loss, (data.X, data.X), transform=hide_right, seed=seed, **SETTING)
        return trainer.predict(data.X_val)

    return run


def network(n_inputs=1):
    import torch
    from torch import nn

    def two_convolutions(n_in, n_out):
        first, second = nn.Conv2d(n_in, n_out, 3, padding=1), nn.Conv2d(n_out, n_out, 3, padding=1)
        return nn.Sequential(first, nn.ReLU(inplace=True), second, nn.ReLU(inplace=True))

    class UNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.down1, self.down2 = two_convolutions(n_inputs, 8), two_convolutions(8, 16)
            self.bottom = two_convolutions(16, 32)
            self.pool = nn.MaxPool2d(2)
            self.grow2, self.up2 = nn.ConvTranspose2d(32, 16, 2, stride=2), two_convolutions(32, 16)
            self.grow1, self.up1 = nn.ConvTranspose2d(16, 8, 2, stride=2), two_convolutions(16, 8)
            self.last = nn.Conv2d(8, 1, 1)

        def forward(self, X):
            full = self.down1(X)
            half = self.down2(self.pool(full))
            quarter = self.bottom(self.pool(half))
            half = self.up2(torch.cat([half, self.grow2(quarter)], dim=1))
            full = self.up1(torch.cat([full, self.grow1(half)], dim=1))
            return self.last(full)

    return UNet()


def half_hidden(X):
    """Images of any kind with a right half of zeros."""
    X = X.clone()
    X[..., 14:] = 0
    return X


def plain():
    import torch

    from shared.by_dataloader import fit
    from shared.one_by_one import OneByOne

    class Halves(OneByOne):
        def __getitem__(self, i):
            image, _ = super().__getitem__(i)
            return half_hidden(image), image

    def run(data, seed):
        torch.manual_seed(seed)
        model = network()
        fit(model, torch.nn.MSELoss(), Halves(data.X, data.y), seed=seed, **SETTING)
        with torch.no_grad():
            return model(half_hidden(data.X_val / 255))

    return run


def library():
    import torch

    from shared.by_skorch import fit

    def run(data, seed):
        torch.manual_seed(seed)
        X = data.X / 255
        net = fit(network(), torch.nn.MSELoss, (half_hidden(X), X), seed=seed, **SETTING)
        return torch.from_numpy(net.predict(half_hidden(data.X_val / 255)))

    return run


def score(data, answer):
    return -float((answer - data.X_val / 255).square().mean())
