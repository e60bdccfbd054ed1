"""What learns: batches, the loop, checkpoints, inference. It knows no task."""
