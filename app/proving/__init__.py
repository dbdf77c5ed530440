"""Proofs about flows: every call that can happen is looked at, and each rule is proved or refuted. Pure."""
