"""The checks of the book's exercises, one page a file."""
