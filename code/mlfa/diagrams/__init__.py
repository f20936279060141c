"""Every drawing that explains an idea, one kind a file."""

from mlfa.diagrams.cnn import cnn_diagram
from mlfa.diagrams.convolution import patches_diagram, sliding_kernel_diagram
from mlfa.diagrams.images import flatten_diagram, image_axes_diagram
from mlfa.diagrams.networks import layer_diagram, network_diagram, unit_diagram
from mlfa.diagrams.recurrent import lstm_diagram, sequence_kinds_diagram, unrolled_diagram
from mlfa.diagrams.tables import split_diagram, table_diagram
from mlfa.diagrams.transformers import attention_diagram, block_diagram, encoder_decoder_diagram
from mlfa.diagrams.trees import tree_diagram
from mlfa.diagrams.unet import unet_diagram
from mlfa.diagrams.windows import border_diagram, parts_diagram, window_diagram
