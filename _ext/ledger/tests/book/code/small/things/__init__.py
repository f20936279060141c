from small.things.a import a
from small.things.b import b
