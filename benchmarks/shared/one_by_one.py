"""Images as tutorials fetch them."""

from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset
from torchvision.transforms import ToTensor


class OneByOne(Dataset):
    """The steps of `torchvision.datasets.MNIST(transform=ToTensor())`: each sample becomes a picture, then floats."""

    def __init__(self, X: Tensor, y: Tensor) -> None:
        self.X, self.y, self.transform = X, y, ToTensor()

    def __len__(self) -> int:
        return len(self.X)

    def __getitem__(self, i: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self.X[i, 0].numpy(), mode="L")
        return self.transform(image), int(self.y[i])
