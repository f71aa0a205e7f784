"""Processes that end with the program that started them, however it ends."""
