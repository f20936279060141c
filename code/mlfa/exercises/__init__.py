"""The checks of the book's exercises, one page a file."""

from mlfa.exercises.classes import check_cross_entropy, check_softmax
from mlfa.exercises.cnn import check_conv_parameters, check_max_pool, check_receptive_field
from mlfa.exercises.convolution import check_count_filters, check_kernel_answer, check_output_size
from mlfa.exercises.flows import check_euler, check_flow_path
from mlfa.exercises.images import check_mean_image, check_pixel_index, check_shift
from mlfa.exercises.lines import check_adam_step, check_gradient
from mlfa.exercises.networks import check_count_parameters, check_first_layer, check_sigmoid_derivative
from mlfa.exercises.order import check_autocorrelation, check_time_parts, check_windows
from mlfa.exercises.own import check_balanced_accuracy, check_fill_holes, check_split_by_person
from mlfa.exercises.recurrent import check_count_cell, check_lstm_step, check_rollout
from mlfa.exercises.tables import check_mae, check_standardize, check_time_split
from mlfa.exercises.transformers import check_attention, check_causal_weights, check_count_block
from mlfa.exercises.trees import check_best_threshold, check_boosting_step
from mlfa.exercises.unet import check_double, check_unet_sizes
from mlfa.exercises.weather import check_radius, check_skill
