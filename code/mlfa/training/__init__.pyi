from . import batches as batches
from . import devices as devices
from . import mlp as mlp
from . import schedules as schedules
from . import summary as summary
from . import trainer as trainer
from .trainer import NotFiniteError as NotFiniteError
from .trainer import Trainer as Trainer
