"""The functions of the recorded program."""
