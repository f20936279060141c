from . import checks as checks
from . import ledger as ledger
from . import notebook as notebook
