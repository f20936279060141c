"""What several processes save, and what they cost."""

from mlfa.book.checks import check_count, check_positive


def amdahl_speedup(shared: float, processes: int) -> float:
    """How many times as fast a job becomes of which only a part can be shared.

    Parameters
    ----------
    shared : float
        Part of the time on one process that can be shared, from 0 to 1.
    processes : int
        How many share it.

    References
    ----------
    [amdahl1967validity]

    Examples
    --------
    >>> amdahl_speedup(0.5, 2), amdahl_speedup(0.75, 3)
    (1.3333333333333333, 2.0)
    """
    check_count("processes", processes)
    if not 0 <= shared <= 1:
        raise ValueError(f"shared must be between 0 and 1, got {shared!r}.")
    return 1 / ((1 - shared) + shared / processes)


def ring_bytes(n_numbers: int, processes: int, *, bytes_each: int = 4) -> float:
    """What each process sends until all know the sum of all: the least there can be.

    Parameters
    ----------
    n_numbers : int
        How many numbers each process has.
    processes : int
        How many there are.
    bytes_each : int
        Size of a number.

    References
    ----------
    [patarasuk2009bandwidth]

    Examples
    --------
    >>> ring_bytes(1000, 1), ring_bytes(1000, 2), ring_bytes(1000, 4)
    (0.0, 4000.0, 6000.0)
    """
    check_count("n_numbers", n_numbers)
    check_count("processes", processes)
    return 2 * (processes - 1) / processes * n_numbers * bytes_each


def step_seconds(
    work: float,
    n_numbers: int,
    processes: int,
    *,
    work_a_second: float,
    bytes_a_second: float,
) -> tuple[float, float]:
    """A rough guess of a step's time: its arithmetic, and the sending that follows.

    Parameters
    ----------
    work : float
        Additions and multiplications of the whole batch.
    n_numbers : int
        Weights of the model: as many gradients are sent.
    processes : int
        How many share the batch.
    work_a_second, bytes_a_second : float
        What a process computes and what its connection carries.

    Returns
    -------
    computing, sending : float
        In seconds. (PyTorch sends the gradients of the last layers while it computes
        those of the first, which hides a part.)

    Examples
    --------
    >>> rates = {"work_a_second": 1e9, "bytes_a_second": 1e8}
    >>> step_seconds(2e9, 1_000_000, 2, **rates)
    (1.0, 0.04)
    """
    check_positive("work_a_second", work_a_second)
    check_positive("bytes_a_second", bytes_a_second)
    return (
        work / processes / work_a_second,
        ring_bytes(n_numbers, processes) / bytes_a_second,
    )
