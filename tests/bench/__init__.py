"""Benchmarks against peers in the same run: `make bench NAME=…` prints JSON lines, `make help` says which."""
