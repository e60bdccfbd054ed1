"""The run store: what identifies a run, its folder, its status, its lock."""
