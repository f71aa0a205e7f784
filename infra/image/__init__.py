"""The image that the functions run, and the build context that it is made from."""
