"""Metrics, their intervals, and the cells that hold them; knows neither task nor run."""
