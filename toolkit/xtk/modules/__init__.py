"""What is trained: adapters and heads on a backbone, how they are combined, saved and loaded."""
