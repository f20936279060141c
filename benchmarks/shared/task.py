"""What is to be known of a task beside its code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One row of the table.

    A task's module holds this as `TASK`, and the functions

    - `data(seed)`: what all sides are given; it is not timed,
    - `book()`, `plain()`, `library()`: each imports what its side needs and returns the function that is timed, from
      the data and the seed to an answer. A side that does not exist has no function, and the reason stands here,
    - `score(data, answer)`: how good the answer is; higher is better. It is not timed.
    """

    title: str
    score: str  # what the score is
    plain: str  # what the plain side does, or why there is none
    library: str  # what the library's side does, or why there is none
    trains: bool = False  # a network is trained on batches: the book aims at `MOST_OF_PLAIN`
    from_scratch: bool = False  # the book writes out what the library offers: it aims at `MOST_OF_LIBRARY`
    note: str = ""  # what makes the difference


MOST_OF_PLAIN = 0.6
MOST_OF_LIBRARY = 1.1
