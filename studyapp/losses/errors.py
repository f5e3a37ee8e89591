"""The one exception that the reference losses raise."""


class LossError(ValueError):
    """An argument outside the domain of a loss.

    The message names the loss and the argument, what was expected, what came, and the likely cure.
    """
