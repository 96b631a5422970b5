"""The transparency log: one append-only tree over the records of all rounds, in formats other tools read.

The tree is RFC 6962's; checkpoints, tiles, proofs and cosignatures are C2SP's (c2sp.org: signed-note,
tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature, tlog-witness, tlog-policy).
"""
