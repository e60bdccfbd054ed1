"""What there is to learn: one declaration a task, one file a family."""
