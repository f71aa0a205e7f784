"""The image: its Dockerfile, its context, and the function at work in it."""
