"""The verbs of the command line as plain functions, each told from top to bottom."""
