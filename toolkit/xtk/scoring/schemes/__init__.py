"""The forms of the official files, a module each."""
