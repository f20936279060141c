"""Every figure that is drawn from data, one kind a file.

A function draws one figure and returns it, so that a page can go on with `fig.axes`.
What it shows comes first, then `xlabel` and `ylabel`, in which the units stand, and
`label` for what colors mean. Where there are several entries they come as a dict by
name, and each gets a look of its own from `styles`, which refuses what a reader could
not tell apart; no entry is left out.

Names say what is shown, and how. ``_panels``, ``_maps``, ``histograms`` and
``correlograms`` have a panel for each entry; other plurals, as ``_paths`` or ``lines``,
have all entries in one. ``_grid``, ``_row`` and ``_rows`` show images. ``_figure`` is
said where the bare word would name the thing itself. `figure`, `panels`, `styles`,
`legend_above` and `mosaic` draw nothing: they serve the functions that do.

Names are listed in the stub beside this file; a module is loaded when one of its names
is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
