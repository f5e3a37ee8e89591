"""Study loss functions in the terminal: question banks, spaced repetition, graded exercises."""

__version__ = "0.1.0"
