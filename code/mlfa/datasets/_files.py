"""Read the data files that ship with the package, and trust none that was altered."""

import hashlib
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"


class DataFileError(OSError):
    """A data file of the package is missing or is not the one that was shipped."""


def read_checked(name: str, sha256: str) -> bytes:
    """The bytes of a data file, after its digest was compared.

    Parameters
    ----------
    name : str
        Path of the file below the package's data folder.
    sha256 : str
        The digest, in hexadecimal, that the file must have.

    Returns
    -------
    bytes

    Raises
    ------
    DataFileError
        If the file is missing, truncated or altered. Nothing is cached, so a
        repaired file is read at the next call.
    """
    path = DATA / name
    remedy = (
        "Restore it with `git checkout -- code/mlfa/data` in a clone of the book, "
        "or reinstall the package with `pip install --force-reinstall .`."
    )
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataFileError(f"The data file {path} is missing. {remedy}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DataFileError(
            f"The data file {path} is not the one that was shipped: its sha256 is"
            f" {found}, expected {sha256}. {remedy}"
        )
    return content
