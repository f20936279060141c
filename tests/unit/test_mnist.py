"""MNIST is the one that was shipped, whatever happened to the folder that it is unpacked into."""

from __future__ import annotations

import gzip
import hashlib
import multiprocessing
import os
import shutil
import sys
import time

import pytest
import torch

from mlfa.datasets import DataFileError, load_mnist, mnist

RAW = "MNIST/raw"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A package folder of its own with four small files in the place of the large ones."""
    contents = {name: bytes([k]) * 5000 for k, name in enumerate(mnist.FILES)}
    folder = tmp_path / "package"
    (folder / RAW).mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(gzip.compress(content))
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    monkeypatch.setattr(mnist, "DATA", folder)
    monkeypatch.setattr(mnist, "FILES", digests)
    monkeypatch.setenv("MLFA_CACHE", str(tmp_path / "cache"))
    return folder


def unpacked(root) -> list[str]:
    return sorted(path.name for path in (root / RAW).iterdir() if path.suffix != ".gz")


NAMES = sorted(name.split("/")[-1].removesuffix(".gz") for name in mnist.FILES)


def test_parts_shapes_and_bytes():
    digits = load_mnist()
    parts = [digits.train, digits.validation, digits.test.open("shapes and types of all parts")]
    assert [len(y) for _, y in parts] == [50_000, 10_000, 10_000] and len(digits.test) == 10_000
    for X, y in parts:
        assert X.dtype == torch.uint8 and X.shape[1:] == (1, 28, 28) and y.dtype == torch.int64
        assert set(y.tolist()) == set(range(10))
    # The published number of each digit in the files.
    y = torch.cat([digits.train[1], digits.validation[1]])
    assert torch.bincount(y).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


def test_the_split_is_the_seeds():
    first, again, other = load_mnist(100), load_mnist(100), load_mnist(100, seed=1)
    assert torch.equal(first.validation[0], again.validation[0])
    assert not torch.equal(first.validation[0], other.validation[0])
    tests = [digits.test.open("the same for every seed")[0] for digits in (first, other)]
    assert torch.equal(*tests)


@pytest.mark.parametrize("n", [0, -1, 2.5, 60_000])
def test_a_wrong_number_is_refused(n):
    with pytest.raises(ValueError, match="n_validation"):
        load_mnist(n)


def test_it_unpacks_beside_the_shipped_files(shipped):
    assert mnist.unpack_mnist() == shipped
    assert unpacked(shipped) == NAMES


@pytest.fixture
def closed(shipped, monkeypatch):
    """The same folder, closed to writing by a stand-in: no permission keeps root out."""
    make = mnist.tempfile.mkstemp

    def refuse(dir, **kwargs):
        if str(dir).startswith(str(shipped)):
            raise PermissionError(f"read-only: {dir}")
        return make(dir=dir, **kwargs)

    monkeypatch.setattr(mnist.tempfile, "mkstemp", refuse)
    return shipped


@pytest.fixture
def homeless(monkeypatch):
    """A user number without an account, as in `docker run --user 1234`."""

    def expanduser(path):
        if str(path).startswith("~"):
            raise RuntimeError("Could not determine home directory.")
        return path

    monkeypatch.setattr(mnist.Path, "expanduser", expanduser)


def test_a_folder_that_cannot_be_written_sends_it_to_the_cache(closed, tmp_path):
    assert mnist.unpack_mnist() == tmp_path / "cache"
    assert unpacked(tmp_path / "cache") == NAMES and unpacked(closed) == []


def test_the_cache_may_start_with_a_tilde(closed, tmp_path, monkeypatch):
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    monkeypatch.setenv("MLFA_CACHE", "~/digits")
    assert mnist.unpack_mnist() == tmp_path / "digits"


def test_no_home_is_needed_where_the_package_can_be_written(shipped, homeless, monkeypatch):
    monkeypatch.delenv("MLFA_CACHE")
    assert mnist.unpack_mnist() == shipped


def test_without_a_home_the_variable_is_named(closed, homeless, monkeypatch):
    monkeypatch.delenv("MLFA_CACHE")
    with pytest.raises(DataFileError, match=r"MLFA_CACHE.*read-only.*~/\.cache/mlfa: Could not determine home"):
        mnist.unpack_mnist()


def test_a_full_disk_leaves_nothing_and_says_so(shipped, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mnist.os, "fsync", full)
    with pytest.raises(DataFileError, match=r"MLFA_CACHE.*No space left"):
        mnist.unpack_mnist()
    assert unpacked(shipped) == []


def test_an_interrupt_leaves_nothing_half_written(shipped, monkeypatch):
    def interrupt(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(mnist.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        mnist.unpack_mnist()
    assert unpacked(shipped) == []


def test_a_half_written_file_is_not_trusted(shipped):
    (shipped / RAW / NAMES[0]).write_bytes(b"half")
    mnist.unpack_mnist()
    assert len((shipped / RAW / NAMES[0]).read_bytes()) == 5000


def test_right_files_are_not_written_again(shipped):
    mnist.unpack_mnist()
    before = [(shipped / RAW / name).stat().st_mtime_ns for name in NAMES]
    time.sleep(0.02)
    mnist.unpack_mnist()
    assert [(shipped / RAW / name).stat().st_mtime_ns for name in NAMES] == before


@pytest.mark.parametrize("harm", ["missing", "cut", "other", "not gzip"])
def test_a_harmed_shipped_file_is_named(shipped, harm):
    name = next(iter(mnist.FILES))
    path = shipped / name
    if harm == "missing":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    elif harm == "other":
        path.write_bytes(gzip.compress(b"x" * 5000))
    else:
        path.write_bytes(b"text")
    with pytest.raises(DataFileError, match=path.name):
        mnist.unpack_mnist()
    assert NAMES[-1] not in unpacked(shipped) or name not in unpacked(shipped)


def _unpack_in(folder, digests, barrier):
    mnist.DATA, mnist.FILES = folder, digests
    barrier.wait()
    mnist.unpack_mnist()


def test_two_processes_at_once(shipped):
    # A fork is quick, but only Linux forks safely a process that has loaded PyTorch.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    barrier = context.Barrier(4)
    workers = [context.Process(target=_unpack_in, args=(shipped, mnist.FILES, barrier)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert unpacked(shipped) == NAMES


def test_the_shipped_copy_is_small_and_alone():
    files = [path for path in (mnist.DATA / RAW).iterdir() if path.suffix == ".gz"]
    assert len(files) == 4 and sum(path.stat().st_size for path in files) < 12e6
    assert shutil.disk_usage(os.fspath(mnist.DATA)).total > 0
