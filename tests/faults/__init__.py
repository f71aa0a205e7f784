"""What the pipeline promises, while workers die and services fail at every step."""
