"""Change images in ways that do not change what they show."""

import torch
from torch import Tensor

from mlfa.book.checks import check_count
from mlfa.images.pixels import shift_images
from mlfa.training.layers import RandomLayer


class RandomShift(RandomLayer):
    """While training, moves all images of a batch by the same random number of pixels.

    What comes in at the border is zero. Put it in front of a model's other layers; like
    dropout, it does nothing when the model only predicts.

    Parameters
    ----------
    most : int
        Pixels in each direction at the most.
    generator : torch.Generator
        Draws the shifts, a new one for every batch.

    Examples
    --------
    >>> layer = RandomShift(1, generator=torch.Generator().manual_seed(3))
    >>> layer(torch.eye(3)[None, None])
    tensor([[[[0., 1., 0.],
              [0., 0., 1.],
              [0., 0., 0.]]]])
    >>> layer.eval()(torch.eye(3)[None, None]).equal(torch.eye(3)[None, None])
    True
    """

    def __init__(self, most: int, *, generator: torch.Generator) -> None:
        super().__init__(generator=generator)
        check_count("most", most, least=0)
        self.most = most

    def forward(self, X: Tensor) -> Tensor:
        """Images of shape (n, channels, height, width) in, the same shape out."""
        if not self.training:
            return X
        down, right = torch.randint(
            -self.most, self.most + 1, (2,), generator=self.generator
        ).tolist()
        return shift_images(X, down, right)

    def extra_repr(self) -> str:
        """What ``print(model)`` shows."""
        return f"most={self.most}"
