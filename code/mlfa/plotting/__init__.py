"""Every figure that is drawn from data, one kind a file."""

from mlfa.plotting.style import COLORS, LINE_STYLES, MARKERS, WIDTH, figure, use_style
