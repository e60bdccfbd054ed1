"""Rows: where they are, how official files write them, and what each of them says."""
