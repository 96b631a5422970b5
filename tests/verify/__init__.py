"""The two checkers against each other."""
