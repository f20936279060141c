"""The code of *Machine Learning: Fundamentals and Architectures*.

Every module holds one idea. The chapters load and import these modules while the
book is built, so the code on a page is the code that ran and the code that is tested.
"""

__version__ = "0.1.0"
