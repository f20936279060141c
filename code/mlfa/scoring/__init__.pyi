from . import splitting as splitting
from . import metrics as metrics
from . import folds as folds
from . import bootstrap as bootstrap
from . import variance as variance
from . import confusions as confusions
from . import ranking as ranking
from . import calibration as calibration
