"""Words on a terminal: one file a family of verbs, no logic."""
