"""A large, made-up portal, to measure with."""
