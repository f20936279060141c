from . import costs as costs
from . import launching as launching
from . import lesson as lesson
from . import rows as rows
from . import memory as memory
from . import command as command
