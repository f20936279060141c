from .a import a
from .b import b
