"""When one machine is not enough: more processes than one, more data than memory.

The modules stand in the stub beside this file, in the order in which the book reads
them; each is loaded when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
