"""One training on several processes: who am I, which samples are mine, do we agree?

`torchrun` starts a program several times and tells each process its number, which
`join` finds out. A `Trainer` asks what it returns, `Alone` or `Together`, for batches.
"""

import atexit
import hashlib
import os
import random
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.utils.data import BatchSampler, DataLoader, IterableDataset

import mlfa
from mlfa.training.batches import Data, make_batches
from mlfa.training.layers import RandomLayer

# What torchrun, or a script for a cluster, tells every process.
VARIABLES = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
# Seconds until all must have come in, and that one may let the others wait.
JOIN_SECONDS = float(os.environ.get("MLFA_JOIN_SECONDS", 45))
WAIT_SECONDS = float(os.environ.get("MLFA_WAIT_SECONDS", 1800))
WHOLE_DIGEST = 2**30  # bytes: of larger tensors, a digest reads a part


class ProcessesError(RuntimeError):
    """The processes did not find each other, or do not do the same."""


class Alone:
    """A training on one process, the usual case.

    Attributes
    ----------
    rank, size : int
        Number of this process, from 0 on, and how many there are.
    first : bool
        True for the one that shows progress and writes files.
    """

    rank, size, first = 0, 1, True

    def device(self, device: torch.device) -> torch.device:
        """Where this process computes.

        Parameters
        ----------
        device : torch.device
            What was asked for.
        """
        return device

    def prepare(self, model: nn.Module, facts: dict[str, Any]) -> nn.Module | None:
        """What is called in training in the place of the model, if anything.

        Parameters
        ----------
        model : nn.Module
            The model.
        facts : dict
            What must be the same on all processes, by its name: tensors, text, numbers.
        """
        return None

    def batches(
        self,
        data: Data,
        batch_size: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Iterator[tuple[Tensor, Any, int, float | None]]:
        """One pass over the samples of this process.

        Parameters
        ----------
        data, batch_size, generator
            As for `make_batches`.

        Yields
        ------
        X, y : Tensor
            A batch.
        count : int
            How many of its samples count.
        weight : float or None
            What its mean loss is multiplied by before the gradients of all processes
            are averaged; None where it is 1.
        """
        for X, y in make_batches(data, batch_size, generator=generator):
            yield X, y, len(X), None

    def mean(self, total: float, count: int) -> float:
        """The mean over the samples of all processes.

        Parameters
        ----------
        total : float
            Sum over the samples of this process.
        count : int
            How many these are.
        """
        return total / count

    def begin_epoch(self, model: nn.Module, seed: int, epoch: int) -> None:
        """Before the first batch.

        Parameters
        ----------
        model : nn.Module
            The model.
        seed, epoch : int
            Of the trainer, and counted from 0.
        """

    def end_epoch(self, model: nn.Module) -> None:
        """After the last batch.

        Parameters
        ----------
        model : nn.Module
            The model.
        """

    def share(self, what: Any) -> Any:
        """What the first process has.

        Parameters
        ----------
        what : object
            Anything that can be pickled; of the other processes it is not looked at.
        """
        return what


class Together(Alone):
    """One of several processes that train one model, after `join`.

    Each computes the gradient of its part of a batch; PyTorch's
    `DistributedDataParallel` averages them, so that all make the same step.
    """

    def __init__(self) -> None:
        self.rank, self.size = dist.get_rank(), dist.get_world_size()
        self.first = self.rank == 0
        self._replica: nn.Module | None = None

    def device(self, device: torch.device) -> torch.device:
        """Each process of a machine gets a card of its own, if there are as many.

        Parameters
        ----------
        device : torch.device
            What was asked for.
        """
        if device.type == "mps":  # its tensors cannot be sent
            return torch.device("cpu")
        if device.type != "cuda":
            return device
        local = int(os.environ.get("LOCAL_RANK", self.rank))
        card = torch.device("cuda", local % torch.cuda.device_count())
        torch.cuda.set_device(card)
        return card

    def prepare(self, model: nn.Module, facts: dict[str, Any]) -> nn.Module:
        """Refuse what differs, then wrap the model so that gradients are averaged.

        All get the first weights of process 0.

        Parameters
        ----------
        model : nn.Module
            The model.
        facts : dict
            What must be the same on all processes, by its name.
        """
        from torch.nn.parallel import DistributedDataParallel

        self.agree(facts)
        if self._replica is not None and self._replica.module is model:
            return self._replica
        device = next(model.parameters()).device
        cards = [device.index] if device.type == "cuda" else None
        self._replica = DistributedDataParallel(model, device_ids=cards)
        return self._replica

    def batches(
        self,
        data: Data,
        batch_size: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Iterator[tuple[Tensor, Any, int, float | None]]:
        """The parts of this process, of batches that are `size` times as large.

        Parameters
        ----------
        data, batch_size, generator
            As for `make_batches`.

        Yields
        ------
        X, y, count, weight
            As of `Alone`; where there are fewer samples than processes, some get one
            that does not count.
        """
        if not isinstance(data, DataLoader):
            X, y = data
            if generator is None:
                order = torch.arange(len(X))
            else:
                order = torch.randperm(len(X), generator=generator)
            for rows in order.split((batch_size or len(X)) * self.size):
                part, count, weight = self.part(rows)
                yield X[part], y[part], count, weight
        elif shards_itself(data):
            for X, y in make_batches(data):
                yield X, y, len(X), None
        elif reads_by_row(data):
            yield from self._rows_of_loader(data)
        else:
            yield from self._groups_of_loader(data)

    def part(self, rows: Tensor) -> tuple[Tensor, int, float]:
        """The part of this process, of the rows of a batch for all of them.

        Parameters
        ----------
        rows : Tensor of shape (n,)
            Row numbers, or samples.

        Returns
        -------
        part : Tensor
            A part as large as that of any other process, or by one row smaller. Where
            there are fewer rows than processes, one row that does not count.
        count : int
            How many of its rows count.
        weight : float
            For its mean loss: the average over the processes is then the mean over all
            rows.
        """
        part = rows.tensor_split(self.size)[self.rank]
        weight = self.size * len(part) / len(rows)
        return (part, len(part), weight) if len(part) else (rows[:1], 0, 0.0)

    def mean(self, total: float, count: int) -> float:
        """Sums of all processes, divided by all samples.

        Parameters
        ----------
        total : float
            Sum over the samples of this process.
        count : int
            How many these are.
        """
        sums = torch.tensor([total, count], dtype=torch.float64)
        dist.all_reduce(sums)
        return float(sums[0] / sums[1])

    def begin_epoch(self, model: nn.Module, seed: int, epoch: int) -> None:
        """Layers that draw get other numbers on every process, the same after a crash.

        Parameters
        ----------
        model : nn.Module
            The model.
        seed, epoch : int
            They decide the numbers, together with the number of the process.
        """
        layers = [layer for layer in model.modules() if isinstance(layer, RandomLayer)]
        for k, generator in enumerate(
            {id(m.generator): m.generator for m in layers}.values()
        ):
            drawn = random.Random(f"{seed} {epoch} {self.rank} {k}").getrandbits(63)
            generator.manual_seed(drawn)

    def end_epoch(self, model: nn.Module) -> None:
        """Running means, as of BatchNorm, are those of the first; weights must agree.

        Parameters
        ----------
        model : nn.Module
            The model.
        """
        for buffer in model.buffers():
            dist.broadcast(buffer, src=0)
        size = sum(
            weight.detach().abs().sum(dtype=torch.float64)
            for weight in model.parameters()
        )
        sizes = [torch.zeros(1, dtype=torch.float64) for _ in range(self.size)]
        dist.all_gather(sizes, size.cpu()[None])
        if not torch.allclose(torch.stack(sizes), sizes[0], rtol=1e-6, equal_nan=True):
            raise ProcessesError(
                "the weights differ between the processes: something, as a rate that"
                " was set in one process alone, has changed them on one side."
            )

    def share(self, what: Any) -> Any:
        """Sent by the first process to all.

        Parameters
        ----------
        what : object
            Anything that can be pickled; of the other processes it is not looked at.
        """
        box = [what if self.first else None]
        dist.broadcast_object_list(box, src=0)
        return box[0]

    def agree(self, facts: dict[str, Any]) -> None:
        """Refuse to go on where a process has another value than the first.

        Parameters
        ----------
        facts : dict
            The values by their names; of tensors, digests are compared.
        """
        told = {name: digest(value) for name, value in facts.items()}
        everyone: list[Any] = [None] * self.size
        dist.all_gather_object(everyone, told)
        wrong = [
            f"{name} ({other.get(name)} in process {rank}, {value} in process 0)"
            for rank, other in enumerate(everyone)
            for name, value in everyone[0].items()
            if other.get(name) != value
        ]
        if wrong:
            raise ProcessesError(f"the processes differ in {'; '.join(wrong)}.")

    def _rows_of_loader(self, loader: DataLoader) -> Iterator[tuple]:
        """Each process reads its own rows alone, of an order that all know."""
        # A sampler that knows the epoch has one order everywhere; of others, the first
        # process draws for all.
        known = hasattr(loader.sampler, "set_epoch")
        asked: deque[tuple[int, float]] = deque()
        together = loader.batch_size * self.size

        def parts() -> Iterator[list[int]]:
            drawn = list(loader.sampler) if self.first and not known else None
            order = iter(loader.sampler if known else self.share(drawn))
            while rows := list(islice(order, together)):
                if len(rows) == together or not loader.drop_last:
                    part, count, weight = self.part(torch.tensor(rows))
                    asked.append((count, weight))
                    yield part.tolist()

        mine = DataLoader(
            loader.dataset,
            batch_sampler=parts(),
            num_workers=loader.num_workers,
            collate_fn=loader.collate_fn,
            pin_memory=loader.pin_memory,
            worker_init_fn=loader.worker_init_fn,
            multiprocessing_context=loader.multiprocessing_context,
            generator=loader.generator,
        )
        for X, y in make_batches(mine):
            yield X, y, *asked.popleft()

    def _groups_of_loader(self, loader: DataLoader) -> Iterator[tuple]:
        """All processes read all batches, and take their parts of as many at a time."""
        batches = make_batches(loader)
        seen = False
        while group := list(islice(batches, self.size)):
            X = torch.cat([X for X, _ in group])
            several = not isinstance(group[0][1], Tensor)
            targets = [y if several else [y] for _, y in group]
            y = [torch.cat(column) for column in zip(*targets, strict=True)]
            if not seen:  # another order on another process would lose samples
                self.agree({"the first batches of a DataLoader": X})
                seen = True
            rows, count, weight = self.part(torch.arange(len(X)))
            y = [column[rows] for column in y]
            yield X[rows], y if several else y[0], count, weight


def shards_itself(loader: DataLoader) -> bool:
    """Whether a loader gives each process samples of its own already.

    Parameters
    ----------
    loader : DataLoader
        Any.
    """
    return isinstance(loader.sampler, torch.utils.data.DistributedSampler)


def reads_by_row(loader: DataLoader) -> bool:
    """Whether the rows of a batch can be chosen before they are read.

    Parameters
    ----------
    loader : DataLoader
        Any.
    """
    usual = type(loader) is DataLoader and type(loader.batch_sampler) is BatchSampler
    return usual and not isinstance(loader.dataset, IterableDataset)


def n_processes() -> int:
    """How many processes train together, also before they have joined.

    Examples
    --------
    >>> n_processes()
    1
    """
    if dist.is_available() and dist.is_initialized():
        return dist.get_world_size()
    return int(os.environ["WORLD_SIZE"]) if _started_together() else 1


def join() -> Alone:
    """Find the other processes, if this one was started with others.

    Returns
    -------
    Alone or Together
        What tells a trainer which samples are its own.

    Raises
    ------
    ProcessesError
        If the first process cannot be reached or its port is taken, if another one did
        not come within `JOIN_SECONDS`, or if it runs another version of the book's code
        or of PyTorch.

    Examples
    --------
    >>> join().size
    1
    """
    if n_processes() == 1:
        return Alone()
    if not dist.is_initialized():
        _connect()
        atexit.register(_leave)
        here = Together()
        versions = {"mlfa": mlfa.__version__, "torch": torch.__version__}
        here.agree(versions | {"the code of mlfa.training": _own_code()})
    return Together()


def digest(value: Any) -> str:
    """A short text that differs where the value differs.

    Parameters
    ----------
    value : Tensor or object
        Of tensors, type, shape and content count; where they fill more than a gigabyte,
        the content of every so many blocks. Anything else counts by its text; what has
        a method `digest`, by that.

    Examples
    --------
    >>> digest(torch.zeros(3)) == digest(torch.zeros(3)) != digest(torch.zeros(4))
    True
    >>> digest("AdamW")
    'AdamW'
    """
    if hasattr(value, "digest"):
        return value.digest()
    if not isinstance(value, Tensor):
        return str(value)
    told = hashlib.blake2b(
        f"{value.dtype} {tuple(value.shape)}".encode(), digest_size=8
    )
    flat = value.detach().cpu().contiguous().flatten().view(torch.uint8)
    step = 1 if len(flat) <= WHOLE_DIGEST else len(flat) // WHOLE_DIGEST + 1
    for block in flat.split(2**20)[::step]:
        told.update(block.numpy().data)
    return told.hexdigest()


def _started_together() -> bool:
    there = all(os.environ.get(name) for name in VARIABLES)
    return dist.is_available() and there and int(os.environ["WORLD_SIZE"]) > 1


def _own_code() -> str:
    told = hashlib.blake2b(digest_size=8)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()


def _leave() -> None:
    with suppress(Exception):
        dist.destroy_process_group()


def _connect() -> None:
    """Make the process group, with errors that say what to do."""
    rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    where = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
    soon = timedelta(seconds=JOIN_SECONDS)
    try:
        store, _, _ = next(dist.rendezvous("env://", timeout=soon))
    except (RuntimeError, ValueError) as error:  # DistNetworkError is a RuntimeError
        if "EADDRINUSE" in str(error) or "in use" in str(error):
            raise ProcessesError(
                f"the port of {where} is taken by another program: choose another"
                " MASTER_PORT."
            ) from error
        if rank == 0:
            raise ProcessesError(
                f"not all of {size} processes came to {where} within"
                f" {JOIN_SECONDS:g} s: do they run, and is this port open to them?"
                " (MLFA_JOIN_SECONDS lets it wait longer.)"
            ) from error
        raise ProcessesError(
            f"process {rank} of {size} did not reach the first one at {where} within"
            f" {JOIN_SECONDS:g} s: is MASTER_ADDR its name, does it run, and may its"
            " port be used? (MLFA_JOIN_SECONDS lets it wait longer.)"
        ) from error
    store = dist.PrefixStore(
        f"mlfa/{os.environ.get('TORCHELASTIC_RESTART_COUNT', 0)}", store
    )
    store.set(f"here/{rank}", "yes")
    try:
        for other in range(size):
            store.wait([f"here/{other}"], soon)
    except RuntimeError as error:
        raise ProcessesError(
            f"process {other} of {size} did not come in within {JOIN_SECONDS:g} s: does"
            " it run? (MLFA_JOIN_SECONDS lets the others wait longer.)"
        ) from error
    backend = "cpu:gloo,cuda:nccl" if _a_card_for_each() else "gloo"
    wait = timedelta(seconds=WAIT_SECONDS)
    dist.init_process_group(
        backend, store=store, rank=rank, world_size=size, timeout=wait
    )


def _a_card_for_each() -> bool:
    """NCCL needs a card of its own for every process of a machine."""
    here = int(os.environ.get("LOCAL_WORLD_SIZE", os.environ["WORLD_SIZE"]))
    cards = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return cards >= here and dist.is_nccl_available()
