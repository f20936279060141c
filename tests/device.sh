#!/bin/sh
# Device tests, one short training of each kind of model on a CUDA device, compared with the same training on the CPU,
# and several processes and bfloat16 on the device. Without such a device it says so and is content: nobody has to have one.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-$([ -x .venv/bin/python ] && echo .venv/bin/python || command -v python3)}

if ! "$python" -c "import sys, torch; sys.exit(not torch.cuda.is_available())"; then
    echo "no CUDA device here: nothing was compared (tests/unit/test_devices.py runs everywhere, on the device 'meta')"
    exit 0
fi
"$python" -c "import torch; print('device:', torch.cuda.get_device_name(), ' torch', torch.__version__)"
"$python" -m pytest -q -p no:cacheprovider tests/unit/test_devices.py
"$python" tests/device_losses.py cuda
exec "$python" tests/device_scale.py cuda
