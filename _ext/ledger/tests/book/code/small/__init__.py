"""The small book's package."""
