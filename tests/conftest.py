"""Which tests share a worker of pytest-xdist, with ``--dist loadgroup``."""

import re
from typing import Any

import pytest

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
