"""Helpers of the tests against services: stacks that do as told, servers of their own, claims."""
