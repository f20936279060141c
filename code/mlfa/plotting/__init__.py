"""Every figure that is drawn from data, one kind a file."""

from mlfa.plotting.activations import activation_panels, unit_sum
from mlfa.plotting.attention import attention_maps, cost_panels, position_figure
from mlfa.plotting.classes import confusion_figure, reliability_figure, shapes_figure
from mlfa.plotting.completions import completion_rows, error_map
from mlfa.plotting.contours import optimizer_paths
from mlfa.plotting.convolution import (
    coverage_figure,
    kernel_profiles,
    patch_frames,
    signals_figure,
    weight_matrix_figure,
)
from mlfa.plotting.curves import learning_curve, line_fit, rate_panels, split_scores, weight_traces
from mlfa.plotting.ensembles import boosting_stages, importance_figure, split_search_figure, staged_losses
from mlfa.plotting.features import feature_maps, saliency_figure
from mlfa.plotting.flows import flow_paths
from mlfa.plotting.images import image_grid, image_row, mosaic, pixel_values, signed_grid, value_curves
from mlfa.plotting.maps import price_map, split_maps
from mlfa.plotting.predictions import predicted_against_true
from mlfa.plotting.regions import region_panels
from mlfa.plotting.rollouts import error_growth, gradient_lags, rollout_panels, sensitivity_panels
from mlfa.plotting.runs import run_dots
from mlfa.plotting.series import (
    class_shares,
    correlograms,
    horizon_errors,
    season_figure,
    series_panels,
    walk_panels,
)
from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, WIDTH, figure, use_style
from mlfa.plotting.tables import histograms
from mlfa.plotting.weather import change_scatter, coverage_curves, grouped_errors, interval_figure
