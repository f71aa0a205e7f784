"""Contracts: what they may ask, and what files have against them."""
