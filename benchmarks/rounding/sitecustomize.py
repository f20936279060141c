"""Every network starts from weights that are moved by a few units of rounding when ROUNDING names a seed.

Python imports this file by itself at its start, wherever the folder is on PYTHONPATH. A training amplifies the
change as it amplifies the order of sums on another processor. The weights are moved when an optimizer is made of
them: so it reaches every training, be the loop imported, written into a cell, or another library's.
"""

import importlib.abc
import importlib.util
import os
import sys

OPTIMIZERS = "torch.optim.optimizer"
UNITS = 8  # of the last place: about a millionth of a weight in single precision


class Mover(importlib.abc.MetaPathFinder):
    """Waits for the module that defines `Optimizer`, and changes how an optimizer begins."""

    def find_spec(self, name, path, target=None):
        if name != OPTIMIZERS:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def load_and_move(module):
            load(module)
            begin, generator = module.Optimizer.__init__, None

            def begin_moved(self, *args, **settings):
                import torch  # which is not complete while it loads its optimizers

                nonlocal generator
                generator = generator or torch.Generator().manual_seed(int(os.environ["ROUNDING"]))
                begin(self, *args, **settings)
                with torch.no_grad():
                    for weights in (weights for group in self.param_groups for weights in group["params"]):
                        noise = torch.randn(weights.shape, generator=generator).to(weights)
                        weights.mul_(1 + UNITS * torch.finfo(weights.dtype).eps * noise)

            module.Optimizer.__init__ = begin_moved

        spec.loader.exec_module = load_and_move
        return spec


if os.environ.get("ROUNDING"):
    sys.meta_path.insert(0, Mover())
