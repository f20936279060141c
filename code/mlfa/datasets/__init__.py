"""The book's data sets, one a file."""
