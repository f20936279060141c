"""One thread for each worker of pytest-xdist, and which tests share a worker, with ``--dist loadgroup``."""

import os
import re
from typing import Any

import pytest

# Two workers with as many threads as cores wait for one another: a short training took ten times as long. Libraries
# read these variables when they are first imported, which is after this file is.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

PAGE = re.compile(r"\[(index|search|genindex|404|chapters/[\w/-]+?)(?:-light|-dark)?\]$")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """All that is asked of one page goes to one worker, which visits it once; other tests go file by file.

    The groups that marks give do not reach the scheduler of pytest-xdist 3.8 under pytest 9.2.
    """
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByPage(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            page = PAGE.search(nodeid)
            return page[1] if page else nodeid.partition("::")[0]

    return ByPage(config, log)
