"""MNIST is the one that was shipped, read without PyTorch's vision package and without a trace on the disk."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torchvision import datasets

from mlfa.datasets import DataFileError, _files, load_mnist, mnist

# The digests of the four files as they were published, unpacked.
PUBLISHED = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def test_the_files_are_those_that_were_published() -> None:
    contents = {Path(name).stem: gzip.decompress((_files.DATA / name).read_bytes()) for name in mnist.FILES}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()} == PUBLISHED


def test_it_reads_what_torchvision_reads(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in mnist.FILES:
        (raw / Path(name).stem).write_bytes(gzip.decompress((_files.DATA / name).read_bytes()))
    learn, test = (datasets.MNIST(tmp_path, train=train) for train in (True, False))
    digits = load_mnist(seed=3, n_validation=500)
    order = torch.randperm(60_000, generator=torch.Generator().manual_seed(3))
    expected = {
        digits.validation: (learn.data[order[:500], None], learn.targets[order[:500]]),
        digits.train: (learn.data[order[500:], None], learn.targets[order[500:]]),
        digits.test.open("to compare with another reader"): (test.data[:, None], test.targets),
    }
    for ours, theirs in expected.items():
        for a, b in zip(ours, theirs, strict=True):
            assert a.dtype == b.dtype and torch.equal(a, b)


def test_parts_shapes_and_bytes() -> None:
    digits = load_mnist(seed=0)
    parts = [digits.train, digits.validation, digits.test.open("shapes and types of all parts")]
    assert [len(y) for _, y in parts] == [50_000, 10_000, 10_000] and len(digits.test) == 10_000
    for X, y in parts:
        assert X.dtype == torch.uint8 and X.shape[1:] == (1, 28, 28) and y.dtype == torch.int64
        assert X.is_contiguous() and set(y.tolist()) == set(range(10))
    # The published number of each digit in the files.
    y = torch.cat([digits.train[1], digits.validation[1]])
    assert torch.bincount(y).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


def test_the_test_digits_are_sealed() -> None:
    with pytest.raises(TypeError, match="'MNIST test digits' is sealed"):
        next(iter(load_mnist(seed=0).test))


def test_the_split_is_the_seeds() -> None:
    first, again, other = (load_mnist(seed=seed, n_validation=100) for seed in (0, 0, 1))
    assert torch.equal(first.validation[0], again.validation[0])
    assert not torch.equal(first.validation[0], other.validation[0])
    tests = [digits.test.open("the same for every seed")[0] for digits in (first, other)]
    assert torch.equal(*tests)


@pytest.mark.parametrize("n", [0, -1, 60_000])
def test_a_wrong_number_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="n_validation must leave some of the 60,000 digits"):
        load_mnist(seed=0, n_validation=n)


def test_a_read_leaves_nothing_behind(tmp_path: Path) -> None:
    """No file beside the shipped ones, none in the home folder, and no other reader loaded."""
    before = sorted(path.name for path in _files.DATA.rglob("*"))
    program = (
        "import sys; from mlfa.datasets import load_mnist; load_mnist(seed=0); sys.exit('torchvision' in sys.modules)"
    )
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=os.environ | home, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in _files.DATA.rglob("*")) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("harm", ["missing", "cut", "other"])
@pytest.mark.parametrize("name", mnist.FILES)
def test_a_harmed_shipped_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, harm: str) -> None:
    for other in mnist.FILES:
        path = tmp_path / other
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_files.DATA / other, path)
    good = (tmp_path / name).read_bytes()
    if harm == "missing":
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(good[:-9] if harm == "cut" else gzip.compress(b"x" * 5000))
    monkeypatch.setattr(_files, "DATA", tmp_path)
    with pytest.raises(
        DataFileError, match=f"{Path(name).name} is {'missing' if harm == 'missing' else 'not the one'}"
    ):
        load_mnist(seed=0)


def test_the_shipped_copy_is_small_and_alone() -> None:
    files = [path for path in (_files.DATA / "MNIST").rglob("*") if path.is_file()]
    assert sorted(path.relative_to(_files.DATA).as_posix() for path in files) == sorted(mnist.FILES)
    assert sum(path.stat().st_size for path in files) < 12e6
