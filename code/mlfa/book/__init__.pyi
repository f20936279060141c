from . import notebook as notebook
from . import ledger as ledger
from . import checks as checks
from . import live as live
