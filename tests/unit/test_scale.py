"""A training on several real processes: the same weights as on one, and words or an end where something goes wrong.

Every wait has a limit, and every port is one that is free.
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from multiprocessing import forkserver
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import torch
from PIL import Image
from scale_jobs import flat, forked, make, samples, train
from sklearn.ensemble import RandomForestRegressor
from torch import distributed as dist
from torch import nn

from mlfa.scale.command import main
from mlfa.scale.costs import amdahl_speedup, ring_bytes, step_seconds
from mlfa.scale.launching import run_together
from mlfa.scale.rows import FileRows, Order, write_rows
from mlfa.training import processes
from mlfa.training.files import BrokenFileError
from mlfa.training.processes import Together, digest, n_processes
from mlfa.training.trainer import Trainer

pytestmark = [
    pytest.mark.skipif(not dist.is_available() or sys.platform == "win32", reason="needs processes that can be forked"),
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("scale"),  # one worker makes what many tests look at
]
JOBS = Path(__file__).with_name("scale_jobs.py")
LIMIT = 140  # seconds for a program; a busy machine is slow, not wrong


def environment() -> dict[str, str]:
    away = ("RANK", "WORLD_SIZE", "MASTER_", "LOCAL_", "TORCHELASTIC")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(away)}
    path = os.pathsep.join(str(JOBS.parents[2] / part) for part in ("code", "_ext/ledger"))
    return {**kept, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}


def torchrun(*words: object, processes: int = 2, restarts: int = 0) -> list[str]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr", "localhost"]
    return [*command, f"--nproc-per-node={processes}", f"--max-restarts={restarts}", *map(str, words)]


def forked_by_ours(*words: object, processes: int = 2, restarts: int = 0) -> list[str]:
    """The same by the book's own start, which needs no more than one import of PyTorch."""
    command = [sys.executable, "-m", "mlfa.scale.launching", f"--processes={processes}", f"--restarts={restarts}"]
    return [*command, *map(str, words)]


def run(command: list[str], seconds: float = LIMIT) -> tuple[int, str]:
    """Exit code and words. What is left of its processes when time is up is ended."""
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    child = subprocess.Popen(command, env=environment(), start_new_session=True, **settings)
    try:
        words, _ = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        words, _ = child.communicate()
        pytest.fail(f"not done after {seconds} s:\n{words}")
    return child.returncode, words


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def server() -> multiprocessing.context.BaseContext:
    """One process that has PyTorch in its memory and made no step; the others are forked from it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["scale_jobs"])
    with pytest.MonkeyPatch.context() as patch:  # Python 3.11 tells it nothing of sys.path before it loads
        patch.setenv("PYTHONPATH", os.pathsep.join([environment()["PYTHONPATH"], str(JOBS.parent)]))
        patch.setenv("CUDA_VISIBLE_DEVICES", "")
        forkserver.ensure_running()
    return context


def together(server, what: str, folder: Path, *, ranks=(0, 1), seconds: float = 60, **settings: str) -> dict[int, dict]:
    """What each process said, by its number; one that was killed says nothing."""
    variables = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), **settings}
    started = [server.Process(target=forked, args=(what, str(folder), rank, variables)) for rank in ranks]
    for one in started:
        one.start()
    end = time.monotonic() + seconds
    for one in started[:1] if what == "sleeps" else started:
        one.join(max(0.0, end - time.monotonic()))
    left = [one for one in started if one.is_alive()]
    for one in left:
        one.kill()
        one.join(10)
    assert not left or what == "sleeps", f"{len(left)} processes of {what} were not done after {seconds} s"
    files = {rank: folder / f"{what}-{rank}.json" for rank in ranks}
    return {rank: json.loads(file.read_text()) for rank, file in files.items() if file.exists()}


# --- the same on one process and on two


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """The results of one program, on one process and, by torchrun, on two."""
    folder = tmp_path_factory.mktemp("battery")
    X, y = samples(203)
    np.save(folder / "X.npy", X.numpy()), np.save(folder / "y.npy", y.numpy())
    code, words = run([sys.executable, str(JOBS), "battery", str(folder)])
    assert code == 0, words
    code, both = run(torchrun(JOBS, "battery", folder))
    assert code == 0, both
    files = {"one": "1-0", "first": "2-0", "second": "2-1"}
    answers = {name: torch.load(folder / f"found-{file}.pt", weights_only=True) for name, file in files.items()}
    return answers | {"words": both, "words of one": words, "folder": folder}


@pytest.mark.parametrize("name", ["even", "uneven", "one", "double"])
def test_two_halves_end_where_the_whole_ends(found, name):
    """Adam, a cycle and cut gradients over 50 steps and more; the last batch may be odd, or one sample."""
    one, first, second = (found[who][name] for who in ("one", "first", "second"))
    assert one["steps"] == first["steps"] == second["steps"] == (55 if name == "one" else 50)
    assert torch.equal(first["weights"], second["weights"])
    bound = 1e-12 if name == "double" else 1e-5
    assert (one["weights"] - first["weights"]).abs().max() < bound
    start = flat(make(8, 8).model)
    assert (one["weights"] - start).abs().max() > 0.05, "nothing was learned: any two would agree"
    for losses in ("train_loss", "validation_loss", "learning_rate"):
        assert first["history"][losses] == second["history"][losses]
        assert first["history"][losses] == pytest.approx(one["history"][losses], rel=1e-5)
    assert one["best"] == first["best"] == second["best"]


@pytest.mark.parametrize("name", ["loader", "dropping", "workers", "stream", "rows", "plateau"])
def test_loaders_are_shared_without_overlap_or_loss(found, name):
    one, first, second = (found[who][name] for who in ("one", "first", "second"))
    assert torch.equal(first["weights"], second["weights"]) and first["history"] == second["history"]
    assert (one["weights"] - first["weights"]).abs().max() < 1e-5
    assert first["history"]["validation_loss"] == pytest.approx(one["history"]["validation_loss"], rel=1e-5)


def test_each_sample_is_seen_by_one_process(found):
    mine, other = (
        dict(zip("rc", zip(*found[who]["seen"]["rows"], strict=True), strict=True)) for who in ("first", "second")
    )
    for a, b, size in zip(mine["r"], other["r"], (8, 3), strict=True):
        assert len(a) + len(b) == size and not set(a) & set(b)
    assert mine["c"] == (4, 2) and other["c"] == (4, 1)
    assert sum(found["first"]["flow"]["counts"]) + sum(found["second"]["flow"]["counts"]) == 30


def test_layers_that_draw_draw_for_themselves(found):
    assert found["first"]["masks"]["kept"] != found["second"]["masks"]["kept"]


def test_running_means_are_those_of_the_first(found):
    means = [found[who]["norm"]["means"] for who in ("first", "second")]
    assert torch.equal(*means) and means[0].abs().max() > 0


def test_the_first_alone_shows_progress_and_writes(found):
    bars = {name: words.count("epoch/s") + words.count("s/epoch") for name, words in found.items() if "words" in name}
    assert 0 < bars["words"] <= 1.5 * bars["words of one"]
    assert sorted(path.name for path in found["folder"].glob("by-*")) == ["by-1-0.pt", "by-2-0.pt"]


def test_the_rows_that_are_left_over():
    """The weighted average of means is the mean, for any number of rows and processes."""
    for size in (2, 3, 5):
        parts = []
        for rank in range(size):
            one = Together.__new__(Together)
            one.rank, one.size = rank, size
            parts.append(one)
        for n in range(1, 23):
            x = torch.arange(n, dtype=torch.float64) ** 2
            shares = [one.part(torch.arange(n)) for one in parts]
            mean = sum(weight * x[rows].mean() for rows, _, weight in shares) / size
            assert mean.item() == pytest.approx(x.mean().item())
            counted = torch.cat([rows[:count] for rows, count, _ in shares])
            assert counted.tolist() == list(range(n)) and min(len(rows) for rows, _, _ in shares) == max(1, n // size)


# --- it survives


def test_a_killed_process_starts_again_and_the_end_is_the_same(tmp_path):
    """SIGKILL in the fourth epoch, in its fifth batch; ten steps an epoch."""
    ends = {}
    for name, kill_in in (("killed", 35), ("whole", 0)):
        folder = tmp_path / name
        folder.mkdir()
        by = torchrun if kill_in else forked_by_ours
        code, words = run(by(JOBS, "crash", folder, kill_in, restarts=1))
        assert code == 0, words
        ends[name] = torch.load(folder / "end.pt", weights_only=True)
    assert ends["killed"]["begun"] == 3 and ends["whole"]["begun"] == 0
    assert torch.equal(ends["killed"]["weights"], ends["whole"]["weights"])
    assert ends["killed"]["history"] == ends["whole"]["history"]


def test_ctrl_c_ends_all_within_ten_seconds(tmp_path):
    path, settings = tmp_path / "run.pt", {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(torchrun(JOBS, "long", tmp_path), env=environment(), start_new_session=True, **settings)
    try:
        end = time.monotonic() + LIMIT
        while not path.exists() and time.monotonic() < end and child.poll() is None:
            time.sleep(0.1)
        assert path.exists(), "no epoch was done"
        stopped = time.monotonic()
        os.killpg(child.pid, signal.SIGINT)  # as a terminal does
        assert child.wait(30) != 0
        pids = [int((tmp_path / f"pid-{rank}").read_text()) for rank in (0, 1)]
        while any(alive(pid) for pid in pids) and time.monotonic() < stopped + 30:
            time.sleep(0.1)
        assert time.monotonic() - stopped < 10
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait(10)
    assert {file.name for file in tmp_path.iterdir()} == {"run.pt", "pid-0", "pid-1"}
    assert len(make(640, 8, epochs=5000).load(path).history["train_loss"]) >= 1


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def test_a_file_that_was_cut_off_is_refused_in_words(tmp_path):
    path = tmp_path / "run.pt"
    trainer = train()
    trainer.save(path)
    whole = path.read_bytes()
    for size in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        other = make(64, 8, epochs=1)
        with pytest.raises(BrokenFileError, match=r"run\.pt is no whole file of a trainer: was it cut off"):
            other.load(path)
        assert not other.history["train_loss"]
    path.write_bytes(whole)
    (tmp_path / "run.pt.part").write_bytes(whole[:100])  # what a process left that was killed while it wrote
    assert make(64, 8, epochs=1).resume(path).history == trainer.history
    assert make(64, 8, epochs=1).resume(tmp_path / "none.pt").history["train_loss"] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_leaves_the_old_file(tmp_path, server):
    path = tmp_path / "run.pt"
    trainer = train()
    trainer.save(path)
    before = path.read_bytes()
    os.symlink("/dev/full", f"{path}.part")
    with pytest.raises(OSError, match=r"run\.pt could not be written, is the disk full\?|[Nn]o space left"):
        trainer.save(path)
    assert path.read_bytes() == before and not os.path.lexists(f"{path}.part")
    folder = tmp_path / "two"
    folder.mkdir()
    ended = together(server, "full_disk", folder)
    assert "disk full" in ended[0]["said"] and ended[1]["said"] != "fine"
    assert make(64, 8, epochs=1).load(folder / "run.pt").history["train_loss"]


def test_only_the_first_needs_the_file(tmp_path, server):
    ended = together(server, "shares_a_file", tmp_path)
    assert all("FileNotFoundError" in ended[rank]["said"] and "not-there.pt" in ended[rank]["said"] for rank in (0, 1))


# --- what goes wrong


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("other_data", r"the processes differ in X of train \(\w+ in process 1, \w+ in process 0\)"),
        ("other_seed", r"differ in the seed \(1 in process 1, 0 in process 0\); the order of samples"),
        ("other_version", r"the processes differ in mlfa \(9\.9 in process 1, [\d.]+ in process 0\)"),
        ("other_rate_on_the_way", r"the weights differ between the processes"),
        ("other_order", r"differ in the first batches of a DataLoader"),
    ],
)
def test_processes_that_differ_are_refused_by_all(tmp_path, server, what, words):
    ended = together(server, what, tmp_path)
    assert len(ended) == 2
    for answer in ended.values():
        assert answer["said"].startswith("ProcessesError") and re.search(words, answer["said"]), answer


def test_two_that_agree_end_well(tmp_path, server):
    assert [answer["said"] for answer in together(server, "fine", tmp_path).values()] == ["fine", "fine"]


def test_one_that_dies_takes_the_other_along(tmp_path, server):
    ended = together(server, "dies", tmp_path)
    assert list(ended) == [0] and "RuntimeError" in ended[0]["said"]
    ended = together(server, "not_finite", tmp_path)
    assert "NotFiniteError" in ended[1]["said"] and "RuntimeError" in ended[0]["said"]


def test_one_that_stands_still_is_not_waited_for_without_end(tmp_path, server):
    ended = together(server, "sleeps", tmp_path, MLFA_WAIT_SECONDS="4")
    assert "RuntimeError" in ended[0]["said"] and 3 < ended[0]["seconds"] < 20


@pytest.mark.parametrize("address", ["no-such-machine.invalid", "127.0.0.1"])
def test_a_first_process_that_is_not_there(tmp_path, server, address):
    assert processes.JOIN_SECONDS < 60, "an error within a minute"
    ended = together(server, "fine", tmp_path, ranks=[1], MASTER_ADDR=address, MLFA_JOIN_SECONDS="3")
    words = rf"process 1 of 2 did not reach the first one at {address}:\d+ within 3 s: is MASTER_ADDR its name"
    assert re.search(words, ended[1]["said"]) and ended[1]["seconds"] < 30


def test_a_second_process_that_does_not_come(tmp_path, server):
    ended = together(server, "fine", tmp_path, ranks=[0], MLFA_JOIN_SECONDS="3")
    assert "not all of 2 processes came to 127.0.0.1" in ended[0]["said"]


def test_a_port_that_is_taken(tmp_path, server):
    with socket.socket() as one:
        one.bind(("", 0))
        one.listen()
        port = one.getsockname()[1]
        ended = together(server, "fine", tmp_path, ranks=[0], MASTER_PORT=str(port))
    assert re.search(rf"the port of 127\.0\.0\.1:{port} is taken by another program: choose another", ended[0]["said"])


def test_without_others_nothing_changes(monkeypatch):
    for name in ("RANK", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.setenv(name, "0")
    monkeypatch.setenv("WORLD_SIZE", "1")
    assert n_processes() == 1 and train().processes.size == 1 and not dist.is_initialized()
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert n_processes() == 4
    monkeypatch.delenv("MASTER_PORT")
    assert n_processes() == 1


def test_digests():
    X = torch.arange(6.0)
    different = [X, X.double(), X.reshape(2, 3), X + 1e-6, X.bfloat16(), "X", torch.zeros(0), torch.zeros(())]
    assert len({digest(value) for value in different}) == len(different)
    assert digest(X) == digest(X.clone()) and digest(X.reshape(2, 3).T) == digest(X.reshape(2, 3).T.contiguous())


@pytest.mark.parametrize(("cards", "here", "nccl", "backend"), [
    (0, 2, True, "gloo"), (1, 2, True, "gloo"), (2, 2, True, "cpu:gloo,cuda:nccl"), (4, 2, True, "cpu:gloo,cuda:nccl"),
    (2, 2, False, "gloo"),
])  # fmt: skip
def test_messages_between_cards_go_by_nccl_if_each_process_has_one(monkeypatch, cards, here, nccl, backend):
    class Store:
        set = wait = staticmethod(lambda *_: None)

    asked = {}
    settings = {"RANK": "1", "WORLD_SIZE": "4", "LOCAL_WORLD_SIZE": str(here), "MASTER_ADDR": "a", "MASTER_PORT": "1"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cards > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
    monkeypatch.setattr(dist, "is_nccl_available", lambda: nccl)
    monkeypatch.setattr(dist, "rendezvous", lambda *_, **__: iter([(Store(), 1, 4)]))
    monkeypatch.setattr(dist, "PrefixStore", lambda prefix, store: store)
    monkeypatch.setattr(dist, "init_process_group", lambda name, **settings: asked.update(settings, backend=name))
    processes._connect()
    assert asked["backend"] == backend and (asked["rank"], asked["world_size"]) == (1, 4)


def test_a_process_has_a_card_of_its_own_and_tells_the_wrapper(monkeypatch):
    one, made = Together.__new__(Together), []
    one.rank, one.size, one._replica = 5, 8, None
    monkeypatch.setenv("LOCAL_RANK", "1")  # of the four on this machine
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    monkeypatch.setattr(torch.cuda, "set_device", made.append)
    assert one.device(torch.device("cuda")) == torch.device("cuda", 1) and made == [torch.device("cuda", 1)]
    assert one.device(torch.device("cpu")) == torch.device("cpu")

    class Wrapper:
        def __init__(self, model, device_ids):
            self.module, self.device_ids = model, device_ids

    class OnCard(nn.Linear):
        def parameters(self, recurse=True):
            return iter([SimpleNamespace(device=torch.device("cuda", 1))])

    monkeypatch.setattr("torch.nn.parallel.DistributedDataParallel", Wrapper)
    monkeypatch.setattr(Together, "agree", lambda self, facts: None)
    assert one.prepare(OnCard(1, 1), {}).device_ids == [1]
    assert one.prepare(nn.Linear(1, 1), {}).device_ids is None


# --- numbers of half the size


def test_bfloat16_learns_as_well_and_gives_floats():
    X, y = samples(640)
    ends = {}
    for precision in ("float32", "bfloat16"):
        trainer = make(512, 32, epochs=12, precision=precision)
        trainer.fit((X[:512], y[:512]), (X[512:], y[512:]), epochs=12, batch_size=32)
        assert trainer.predict(X).dtype == torch.float32 and flat(trainer.model).dtype == torch.float32
        ends[precision] = trainer.history["validation_loss"][-1]
    mean = float((y[512:] - y[:512].mean()).square().mean())
    assert ends["float32"] != ends["bfloat16"] and max(ends.values()) < 0.3 * mean
    assert ends["bfloat16"] == pytest.approx(ends["float32"], rel=0.1)
    with pytest.raises(ValueError, match="precision must be 'float32' or 'bfloat16', got 'half'"):
        make(8, 8, precision="half")


# --- rows that stay in their files


def test_rows_of_files(tmp_path):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 3, 2)).astype(np.float32), rng.integers(9, size=50)
    write_rows(tmp_path / "X.npy", (X[k : k + 7] for k in range(0, 50, 7)), 50)
    np.save(tmp_path / "y.npy", y)
    np.testing.assert_array_equal(np.load(tmp_path / "X.npy"), X)
    for mapped in (False, True):
        rows = FileRows(tmp_path / "X.npy", tmp_path / "y.npy", mapped=mapped)
        loader = rows.loader(batch_size=8, seed=0)
        batches = list(loader)
        order = list(Order(50, seed=0))
        np.testing.assert_array_equal(torch.cat([X for X, _ in batches]), X[order])
        np.testing.assert_array_equal(torch.cat([y for _, y in batches]), y[order])
        loader.sampler.set_epoch(1)
        assert not torch.equal(next(iter(loader))[0], batches[0][0])
        assert rows[3][1] == y[3] and len(rows) == 50
    told = rows.digest()
    y[7] += 1
    np.save(tmp_path / "y.npy", y)
    assert rows.digest() != told


def test_an_order_without_a_list_is_a_permutation_that_looks_random():
    for n in (1, 2, 3, 64, 65, 1000, 5000):
        orders = [list(Order(n, seed)) for seed in range(3)]
        assert all(sorted(order) == list(range(n)) for order in orders)
        assert n < 64 or len({tuple(order) for order in orders}) == 3
    first = np.array([list(Order(64, seed))[:1] for seed in range(3200)]).ravel()
    counts = np.bincount(first, minlength=64)  # 50 each; a sum of squares of 63 +- 11
    assert ((counts - 50) ** 2 / 50).sum() < 63 + 6 * 11.3
    order = np.array(list(Order(5000, seed=0)))
    for lag in (1, 2, 64):
        assert abs(np.corrcoef(order[lag:], order[:-lag])[0, 1]) < 5 / 5000**0.5
    assert list(Order(3, None)) == [0, 1, 2]


def test_files_of_rows_that_do_not_fit(tmp_path):
    X, y = tmp_path / "X.npy", tmp_path / "y.npy"
    for parts, n, words in (
        ([np.zeros((2, 3))], 3, "parts must have 3 rows, got 2"),
        ([np.zeros((2, 3)), np.zeros((2, 4))], 4, "all parts must be"),
    ):
        with pytest.raises(ValueError, match=words):
            write_rows(X, parts, n)
        assert not list(tmp_path.iterdir())
    np.save(X, np.zeros((4, 2))), np.save(y, np.zeros(3))
    with pytest.raises(ValueError, match=r"same length, at least 1, got \[4, 3\]"):
        FileRows(X, y)
    np.save(y, np.zeros(4))
    rows = FileRows(X, y)
    X.write_bytes(X.read_bytes()[:-8])
    with pytest.raises(OSError, match="ends before row 3"):
        rows[3]


def memory_of(folder: Path, mb: int, limit: int) -> dict[str, dict]:
    """Train on so many MB of rows, read and loaded, in no more than `limit` MB beyond the imports: what each said."""
    n, rng = mb * 2**20 // 4000, np.random.default_rng(0)
    parts = (rng.random((min(1024, n - k), 1000), np.float32) for k in range(0, n, 1024))
    write_rows(folder / "X.npy", parts, n)
    np.save(folder / "y.npy", rng.random((n, 1), np.float32))
    asked = ["--limit", str(limit), "--ways", "loaded", "read"]
    code, words = run([sys.executable, "-m", "mlfa.scale.memory", str(folder), *asked], seconds=max(LIMIT, mb / 2))
    told = map(json.loads, filter(lambda line: line[:1] == "{", words.splitlines()))
    answers = {one["way"]: one for one in told if one["limit"]}
    assert code == 0 and answers["loaded"]["error"] and "loss" not in answers["loaded"], words
    assert answers["read"]["loss"] > 0, words
    return answers


only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits what a process writes to")


@only_linux
def test_a_set_four_times_as_large_as_the_memory(tmp_path):
    """64 MB of rows where 16 may be written to: loaded at once they are refused, read they take a few."""
    assert memory_of(tmp_path, 64, limit=16)["read"]["mb"] < 16


@only_linux
@pytest.mark.audit
@pytest.mark.timeout(580)
def test_a_gigabyte_under_a_limit_of_a_quarter_of_it():
    """At constant memory: what it takes beside the imports is a hundredth of the file."""
    with tempfile.TemporaryDirectory() as folder:  # pytest would keep a folder of its own for three runs
        assert memory_of(Path(folder), 1024, limit=256)["read"]["mb"] < 10


# --- the sums


def test_costs():
    assert amdahl_speedup(0.9, 1) == 1 and amdahl_speedup(0.9, 10**9) == pytest.approx(10)
    assert amdahl_speedup(1, 7) == pytest.approx(7) and amdahl_speedup(0, 7) == 1
    assert ring_bytes(10, 4, bytes_each=2) == 2 * 3 / 4 * 20
    assert step_seconds(1e9, 10**6, 4, work_a_second=1e9, bytes_a_second=6e6) == pytest.approx((0.25, 1.0))
    with pytest.raises(ValueError, match="shared must be between 0 and 1"):
        amdahl_speedup(1.1, 2)


def test_a_ring_sends_what_the_bound_says():
    """Played with a list for each process: chunks go round twice, once added and once copied."""
    for size in (2, 3, 5):
        values = np.random.default_rng(0).integers(100, size=(size, 60)).astype(float)
        total, chunks, sent = values.sum(axis=0), np.split(np.arange(60), size) if 60 % size == 0 else None, 0
        for turn in range(2 * (size - 1)):
            going = [(rank, chunks[(rank - turn) % size]) for rank in range(size)]
            packets = [values[rank, chunk].copy() for rank, chunk in going]
            for (rank, chunk), packet in zip(going, packets, strict=True):
                there = (rank + 1) % size
                values[there, chunk] = values[there, chunk] + packet if turn < size - 1 else packet
            sent += len(packets[0])
        np.testing.assert_allclose(values, np.tile(total, (size, 1)))
        assert sent == ring_bytes(60, size, bytes_each=1)


# --- the program that a reader takes away


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    path = tmp_path / "homes.csv"
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["person", "rooms", "color", "price"])
        for k in range(300):
            rooms, color = rng.integers(1, 9), rng.choice(["red", "blue"])
            out.writerow([k // 3, "" if k % 50 == 0 else rooms, color, 3 * rooms + 5 * (color == "red")])
    return path


def scores(said: str) -> dict[str, float]:
    """What the lines about the test part say, by their names."""
    return {name: float(value) for name, value in re.findall(r"^test, (.+): (-?[\d.]+)$", said, flags=re.M)}


def test_a_table_on_one_process_and_again(table, capsys, monkeypatch):
    monkeypatch.chdir(table.parent)
    words = ["table", str(table), "--target", "price", "--text", "color", "--group", "person", "--device", "cpu"]
    assert main([*words, "--epochs", "12"]) == 0
    out = capsys.readouterr().out
    assert "epoch 12 of 12: train_loss" in out
    assert scores(out)["RMSE of price"] < 0.5 * scores(out)["RMSE of price, of the mean"]
    assert main([*words, "--epochs", "12"]) == 0
    again = capsys.readouterr().out
    assert "going on after epoch 12, from mlfa-run.pt" in again and scores(again) == scores(out)
    for other, said in (
        (["--epochs", "13"], r"--epochs \(12, now 13\)"),
        (["--hidden", "8"], r"--hidden \(\[64\], now \[8\]\)"),
        (["--batch-size", "32", "--processes", "3"], r"samples a step \(64, now 96\)"),
        (["--leave-out", "rooms"], r"the training data \(\w+ \w+, now \w+ \w+\)"),
    ):
        assert main([*words, "--epochs", "12", *other]) == 2
        assert re.search(rf"mlfa-run\.pt was begun with other settings: {said};", capsys.readouterr().err)
    assert main([*words, "--epochs", "2", "--new", "--precision", "bfloat16", "--model", "linear"]) == 0


@pytest.mark.parametrize("model", ["forest", "boosting"])
@pytest.mark.parametrize("target", ["price", "color"])
def test_trees_on_a_table(table, capsys, monkeypatch, model, target):
    monkeypatch.chdir(table.parent)
    words = ["table", str(table), "--target", target, "--text", "color", "--model", model, "--trees", "30"]
    words += ["--leave-out", "person"]
    assert main(words) == 0
    found = scores(out := capsys.readouterr().out)
    name, floor = {
        "price": ("RMSE of price", "of the mean"),
        "color": ("cross-entropy", "by the shares of the classes"),
    }[target]
    assert found[name] < 0.5 * found[f"{name}, {floor}"] and out.count("Test data opened") == 1
    assert not Path("mlfa-run.pt").exists()
    if model == "forest":
        assert main([*words, "--processes", "2"]) == 0
        assert scores(capsys.readouterr().out) == found
    for option in ("--epochs", "--batch-size", "--hidden", *(["--processes"] if model == "boosting" else [])):
        assert main([*words, option, "2"]) == 2
        assert f"{option} means nothing to the model {model}; it takes --" in capsys.readouterr().err
    for given in (["--checkpoint", "run.pt"], ["--precision", "float32"], ["--new"], ["--device", "cpu"]):
        assert main([*words, *given]) == 2
        assert f"{given[0]} means nothing to the model {model}" in capsys.readouterr().err


def test_a_forest_gets_its_workers(table, monkeypatch):
    seen = {}

    class Forest(RandomForestRegressor):
        def fit(self, X, y):
            seen["n_jobs"] = self.n_jobs
            return super().fit(X, y)

    monkeypatch.setattr("mlfa.scale.train_trees.RandomForestRegressor", Forest)
    words = ["table", str(table), "--target", "price", "--text", "color", "--model", "forest", "--trees", "2"]
    assert main([*words, "--processes", "3"]) == 0 and seen == {"n_jobs": 3}
    monkeypatch.setenv("RANK", "0")
    assert main(words) == 2


def test_images_on_two_processes(tmp_path):
    rng = np.random.default_rng(0)
    for name, bright in (("day", 150), ("night", 20)):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for k in range(40):
            pixels = rng.integers(bright, bright + 80, size=(8, 8), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "photos" / name / f"{k}.png")
    words = ["images", tmp_path / "photos", "--channels", 1, "--epochs", 15, "--batch-size", 8, "--device", "cpu"]
    command = [sys.executable, "-m", "mlfa.scale", *map(str, words), "--checkpoint", str(tmp_path / "run.pt")]
    code, said = run([*command, "--processes", "2"])
    assert code == 0 and said.count("epoch 15 of 15") == 1, said
    assert scores(said)["share in the wrong class"] < 0.2 and (tmp_path / "run.pt").exists()


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """Noise with a bright rectangle, and where it is: what to type, up to the options."""
    rng = np.random.default_rng(0)
    for folder in ("scans", "outlines"):
        (tmp_path / folder).mkdir()
    for k in range(50):
        inside = np.zeros((12, 10), dtype=bool)
        top, left = rng.integers(0, 7), rng.integers(0, 5)
        inside[top : top + rng.integers(3, 6), left : left + rng.integers(3, 6)] = True
        pixels = rng.integers(0, 120, size=inside.shape) + 130 * inside
        Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "scans" / f"{k}.jpg", quality=95)
        Image.fromarray(inside).save(tmp_path / "outlines" / f"{k}.png")  # of one bit
    return ["masks", str(tmp_path / "scans"), str(tmp_path / "outlines"), "--channels", "1", "--device", "cpu"]


@pytest.fixture
def days(tmp_path: Path) -> Path:
    """A wave of eight days in noise, with a second column that tells nothing."""
    path, rng = tmp_path / "days.csv", np.random.default_rng(0)
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["day", "wind", "sales"])
        for k in range(240):
            day = np.datetime64("2023-01-01") + k
            out.writerow([day, f"{rng.normal():.3f}", f"{50 + 20 * np.sin(k * np.pi / 4) + rng.normal():.3f}"])
    return path


def series_words(path: Path, *more: object) -> list[str]:
    words = ["series", path, "--target", "sales", "--date", "day", "--window", 9, "--device", "cpu", *more]
    return list(map(str, words))


def same_on_two(words: list[str], folder: Path, batch_size: int) -> tuple[dict[str, float], str]:
    """Train on one process, and on two with half the batch: equal weights. What the two scored, and all words."""
    files = [folder / "one.pt", folder / "two.pt"]
    assert main([*words, "--batch-size", str(batch_size), "--checkpoint", str(files[0])]) == 0
    command = [sys.executable, "-m", "mlfa.scale", *words, "--processes", "2"]
    code, said = run([*command, "--batch-size", str(batch_size // 2), "--checkpoint", str(files[1])])
    assert code == 0 and said.count("Test data opened") == 1, said
    one, two = (torch.load(file, weights_only=True) for file in files)
    pairs = [(weight, two["model"][name]) for name, weight in one["model"].items() if weight.is_floating_point()]
    assert len(pairs) > 4 and max((a - b).abs().max() for a, b in pairs) < 1e-5
    assert one["best_epoch"] == two["best_epoch"] > 0
    assert two["history"]["train_loss"][-1] < 0.8 * two["history"]["train_loss"][0]
    return scores(said), said


def test_masks_on_one_process_and_on_two(pictures, tmp_path, capsys):
    words = [*pictures, "--epochs", "15"]
    found, said = same_on_two(words, tmp_path, batch_size=8)
    name = "intersection over union"
    assert found[name] > 0.6 > found[f"{name}, everything marked"] > found[f"{name}, nothing marked"] == 0
    assert re.search(r"^\d+\.\d% of all pixels are marked$", said, flags=re.M)
    told = capsys.readouterr().out
    assert scores(told) == pytest.approx(found, abs=1e-3)
    assert main([*words, "--batch-size", "8", "--checkpoint", str(tmp_path / "one.pt")]) == 0
    again = capsys.readouterr().out
    assert "going on after epoch 15" in again and scores(again) == scores(told)


def test_pictures_and_masks_that_do_not_fit(pictures, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scans, outlines = Path(pictures[1]), Path(pictures[2])

    def refused(words: str, *more: str) -> None:
        assert main([*pictures, "--epochs", "1", *more]) == 2
        assert re.search(words, capsys.readouterr().err), words

    refused(r"of 12 x 10 pixels cannot be halved 4 times: take a smaller --depth", "--depth", "4")
    refused("--depth must be at least 0", "--depth", "-1")
    assert main(["masks", str(scans), str(tmp_path / "nowhere")]) == 2
    assert "there is no" in capsys.readouterr().err
    mask, spare = outlines / "7.png", tmp_path / "7.png"
    mask.rename(spare)
    refused(r"7\.jpg has no mask in \S+outlines of the same name \(so for 1 in all\)")
    Image.open(spare).convert("L").point(lambda v: v // 2).save(mask)  # 127 where others have 255
    refused(r"masks must be black \(0\) and one other value; with \S+7\.png there are 3, such as 0, 127, 255")
    Image.fromarray(np.arange(120, dtype=np.uint8).reshape(12, 10)).save(mask)
    refused(r"masks must be black \(0\) and one other value; with \S+7\.png")
    with monkeypatch.context() as patch:
        patch.setattr("mlfa.scale.task_masks.MOST_MB", 0.001)
        refused(r"50 pictures of 12 x 10 pixels fill more than 0\.001 MB: give a smaller --size")
    Image.open(spare).resize((10, 11)).save(mask)
    refused(r"7\.jpg has 12 x 10 pixels \(height x width\), its mask \S+7\.png 11 x 10: they must be equal")
    Image.new("L", (20, 24)).save(mask)
    Image.new("L", (20, 24)).save(scans / "7.jpg")
    refused(r"7\.jpg has 24 x 20 pixels, \S+0\.jpg 12 x 10: give --size")
    assert main([*pictures, "--epochs", "1", "--size", "12", "10", "--new"]) == 0
    Image.new("L", (10, 12)).save(scans / "one-more.jpg")
    refused("one-more.jpg has no mask")
    for path in outlines.iterdir():
        Image.new("1", Image.open(path).size).save(path)
    Image.new("1", (10, 12)).save(outlines / "one-more.png")
    refused("no pixel is marked in the masks of", "--size", "12", "10")
    (scans / "one-more.jpg").rename(scans / "7.png")
    refused(r"7\.png and \S+7\.jpg have the same name")


def test_a_series_on_one_process_and_on_two(days, tmp_path, capsys):
    words = series_words(days, "--horizon", 2, "--model", "lstm", "--epochs", 12, "--learning-rate", 0.03)
    found, said = same_on_two(words, tmp_path, batch_size=16)
    name = "mean error of sales"
    assert found[name] < 0.5 * min(found[f"{name}, persistence"], found[f"{name}, the mean"])
    assert "240 steps from 2023-01-01 to 2023-08-28; 0 of them are not in the file" in said
    assert "230 windows of 9 steps are whole" in said
    told = capsys.readouterr().out
    assert main([*words, "--batch-size", "16", "--checkpoint", str(tmp_path / "one.pt")]) == 0
    assert scores(capsys.readouterr().out) == scores(told)


@pytest.mark.parametrize("model", ["linear", "mlp", "transformer"])
def test_the_other_models_of_a_series(days, capsys, monkeypatch, model):
    monkeypatch.chdir(days.parent)
    assert main(series_words(days, "--model", model, "--epochs", 10, "--batch-size", 8, "--learning-rate", 0.02)) == 0
    found, name = scores(capsys.readouterr().out), "mean error of sales"
    assert found[name] < 0.5 * min(found[f"{name}, persistence"], found[f"{name}, the mean"])


@pytest.mark.parametrize("kind", ["table", "masks", "series"])
def test_a_command_that_was_stopped_goes_on_as_if_it_had_not_been(kind, tmp_path, request, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = {
        "table": lambda: ["table", str(request.getfixturevalue("table")), "--target", "price", "--text", "color"],
        "masks": lambda: request.getfixturevalue("pictures"),
        "series": lambda: series_words(request.getfixturevalue("days"), "--model", "mlp"),
    }[kind]()
    words += ["--epochs", "4", "--device", "cpu", "--learning-rate", "0.02"]
    assert main([*words, "--checkpoint", "whole.pt"]) == 0
    whole, save = scores(capsys.readouterr().out), Trainer.save

    def stop_in_the_third(trainer, path):
        if len(trainer.history["train_loss"]) == 3:
            raise KeyboardInterrupt  # before it is written: two epochs are kept
        save(trainer, path)

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "save", stop_in_the_third)
        assert main(words) == 130
    assert "stopped: mlfa-run.pt has the last whole epoch" in capsys.readouterr().err
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "going on after epoch 2, from mlfa-run.pt" in said and scores(said) == whole
    ends = [torch.load(name, weights_only=True)["model"] for name in ("whole.pt", "mlfa-run.pt")]
    assert all(torch.equal(weight, ends[1][name]) for name, weight in ends[0].items())
    assert main([*words, "--new"]) == 0  # the same once more, from the beginning
    said = capsys.readouterr().out
    assert "going on" not in said and scores(said) == whole


def test_the_floors_of_a_series_are_those_of_its_last_fifth(days, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(series_words(days, "--model", "linear", "--epochs", 1)) == 0
    found = scores(capsys.readouterr().out)
    y = np.loadtxt(days, delimiter=",", skiprows=1, usecols=2)
    persistence, mean = np.abs(np.diff(y))[191:].mean(), np.abs(y[192:] - y[9:144].mean()).mean()
    assert found["mean error of sales, persistence"] == pytest.approx(persistence, abs=1e-3)
    assert found["mean error of sales, the mean"] == pytest.approx(mean, abs=1e-3)


def test_holes_of_a_series_are_cut_or_filled_and_said(days, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lines = days.read_text().splitlines()
    lines[20] = ",".join([*lines[20].split(",")[:2], "?"])
    days.write_text("\n".join(lines[:100] + lines[102:]) + "\n")  # two days that are not there, one without a target
    words = series_words(days, "--model", "linear", "--epochs", 1, "--new")
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "240 steps from 2023-01-01 to 2023-08-28; 2 of them are not in the file" in said
    assert "sales: 3 holes, cut" in said and "wind: 2 holes, cut" in said
    assert "210 windows of 9 steps are whole" in said  # of 231, 10 with the one hole and 11 with the two
    assert main([*words, "--fill", "2"]) == 0
    said = capsys.readouterr().out
    assert "sales: 3 holes, filled with the last value, at most 2 in a row" in said
    assert "228 windows of 9 steps are whole" in said  # no target is filled
    assert main([*words, "--fill", "1"]) == 0
    assert "219 windows of 9 steps are whole" in capsys.readouterr().out


def test_series_that_cannot_be_right(days, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    right = series_words(days, "--model", "lstm", "--epochs", 1)
    for words, said in (
        ([*right, "--target", "visits"], "has no column 'visits' to predict: it has wind, sales"),
        ([*right, "--date", "when"], "when"),
        ([*right, "--formats", "%d.%m.%Y"], "is no date as %d.%m.%Y"),
        ([*right, "--step", "W"], "day"),
        ([*right, "--window", "0"], "--window must be at least 1"),
        ([*right, "--window", "400"], "length and horizon must be at least 1 and together at most 240"),
        ([*right, "--window", "150", "--horizon", "60"], "borders must leave whole windows for"),
        ([*right, "--hidden", "8", "8"], "--hidden must be one number for the model lstm"),
        ([*right, "--depth", "2"], None),
    ):
        if said is None:
            with pytest.raises(SystemExit):
                main(words)
            continue
        assert main(words) == 2, words
        assert said in capsys.readouterr().err


def test_words_that_cannot_be_right(table, capsys, monkeypatch):
    monkeypatch.chdir(table.parent)
    right = ["table", str(table), "--target", "price", "--text", "color", "--device", "cpu"]
    for words, said in (
        (["table", "none.csv", "--target", "price"], "there is no none.csv"),
        (["images", str(table)], "must be a folder with one for each class"),
        ([*right, "--epochs", "0"], "--epochs must be at least 1"),
        ([*right, "--checkpoint", "not/there.pt"], "the checkpoint cannot be written"),
        ([*right[:-4], "--device", "cpu"], "column 'color'"),
        ([*right, "--group", "nobody"], "no column 'nobody'"),
        ([*right, "--processes", "2", "--epochs", "-1"], "--epochs must be at least 1"),
    ):
        assert main(words) == 2
        assert said in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert "examples:" in told
    assert all(f"python -m mlfa.scale {kind} " in told for kind in ("table", "images", "masks", "series"))
    Path("mlfa-run.pt").write_bytes(b"half")
    assert main([*right, "--epochs", "1"]) == 2
    assert "mlfa-run.pt is no whole file of a trainer" in capsys.readouterr().err


def test_a_program_that_takes_too_long_is_ended_with_all_its_processes(tmp_path):
    program = tmp_path / "sleep.py"
    program.write_text("import time\ntime.sleep(99)\n")
    with pytest.raises(TimeoutError, match="not done after 8 s"):
        run_together(program, seconds=8)
    left = psutil.process_iter(["cmdline"])
    assert not [one for one in left if str(program) in (one.info["cmdline"] or []) and alive(one.pid)]
