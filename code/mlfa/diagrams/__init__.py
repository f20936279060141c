"""Every drawing that explains an idea, one kind a file.

A function makes one drawing and returns its Figure. Its name ends in ``_diagram``; its
arguments are the sizes that are drawn. Boxes, cells and arrows come from `_kit`.

Names are listed in the stub beside this file; a module is loaded when one of its names
is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
