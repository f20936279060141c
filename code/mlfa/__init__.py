"""The code of *Machine Learning: Fundamentals and Architectures*, one idea a file.

The chapters load and import these modules while the book is built, so the code on a
page is the code that ran and the code that is tested. The rooms are those of the book:

=========  ===========================================================================
tabular    Part I: lines, trees, and what a network is made of, in NumPy
images     Part II: pixels, convolution, networks for images, completed digits
series     Part III: values in an order, recurrent networks, attention, forecasts
training   what every network shares: layers, the loop that trains, devices
scale      more processes than one, more data than memory
scoring    how rows are parted, and how predictions are scored
datasets   the book's data, and readers for your own
plotting   every figure that is drawn from data
diagrams   every drawing that explains an idea
exercises  the checks that tell right from wrong, with a hint for each mistake
book       the start of a page, records of results, checks of arguments
=========  ===========================================================================

Each room lists its modules in the order in which the book reads them, and loads one
when it is first used.
"""

__version__ = "0.1.0"
