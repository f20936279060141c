"""The book's data sets, and readers for your own, one a file.

Names stand in the stub beside this file; a module is loaded when one of its names is
first used. Waves, digits and images need PyTorch.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
