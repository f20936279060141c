"""A U-Net learns the velocity from noise to digits: two epochs of 1,000; then it completes 50 digits in ten steps."""

import torch

from shared import digits as shared_digits
from shared.task import Task
from tasks import unet

TASK = Task(
    title="a flow",
    score="minus the mean squared error of the velocity on validation data",
    plain="PyTorch: the plain U-Net, a loop over a DataLoader, ToTensor for each image, noise drawn in the loop",
    library="none: the packages for flow matching bring paths and solvers, and leave network and loop to their user",
    trains=True,
)
SETTING = {"epochs": 2, "learning_rate": 0.005}
BATCH = 16


def data(seed):
    return shared_digits.digits(1000)


def book():
    from torch.nn.functional import mse_loss

    from mlfa.images.flows import FlowBatches, complete_by_flow
    from mlfa.images.unet import UNet
    from shared.by_trainer import fit

    def run(data, seed):
        model = UNet(2, 1, depth=2, n_filters=8, generator=torch.Generator().manual_seed(seed))
        batches = FlowBatches(data.X, batch_size=BATCH, seed=seed)
        fit(model, mse_loss, batches, batch_size=None, seed=seed, **SETTING)
        return model, complete_by_flow(model, data.X_val[:50], steps=10, seed=seed)

    return run


def on_the_way(x1, noise, t):
    """Images between noise and `x1` with the time as a second channel, and the velocity; the left half is known."""
    x0 = torch.cat([x1[..., :14], noise[..., 14:]], dim=-1)
    return torch.cat([(1 - t) * x0 + t * x1, t.expand_as(x1)], dim=1), x1 - x0


def plain():
    import torch._dynamo

    from shared.one_by_one import OneByOne

    def run(data, seed):
        torch.manual_seed(seed)
        model = unet.network(n_inputs=2)
        optimizer = torch.optim.Adam(model.parameters(), lr=SETTING["learning_rate"], fused=True)
        loader = torch.utils.data.DataLoader(OneByOne(data.X, data.y), batch_size=BATCH, shuffle=True)
        for _ in range(SETTING["epochs"]):
            total = 0.0
            for image, _ in loader:
                x1 = 2 * image - 1
                t = torch.randn(len(x1), 1, 1, 1).sigmoid()
                inputs, velocity = on_the_way(x1, torch.randn_like(x1), t)
                loss = torch.nn.functional.mse_loss(model(inputs), velocity)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item()
        with torch.no_grad():
            x1 = 2 * (data.X_val[:50] / 255) - 1
            x = torch.cat([x1[..., :14], torch.randn_like(x1)[..., 14:]], dim=-1)
            for k in range(10):
                velocity = model(torch.cat([x, torch.full_like(x, k / 10)], dim=1))
                x[..., 14:] += velocity[..., 14:] / 10
        return model, ((x + 1) / 2).clamp(0, 1)

    return run


def score(data, answer):
    model, completed = answer
    assert completed.shape == (50, 1, 28, 28) and torch.isfinite(completed).all()
    generator = torch.Generator().manual_seed(0)
    x1 = 2 * (data.X_val[:500] / 255) - 1
    t = torch.randn(len(x1), 1, 1, 1, generator=generator).sigmoid()
    inputs, velocity = on_the_way(x1, torch.randn(x1.shape, generator=generator), t)
    with torch.no_grad():
        return -torch.nn.functional.mse_loss(model(inputs), velocity).item()
