from . import confusions as confusions
from . import metrics as metrics
from . import splitting as splitting
