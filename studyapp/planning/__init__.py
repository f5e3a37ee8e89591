"""Studying to a date: what to ask today, and what will be known on the day. Pure NumPy; knows no screen and no disk."""

from studyapp.planning.choose import choose
from studyapp.planning.forecast import Forecast, forecast

__all__ = ["Forecast", "choose", "forecast"]
