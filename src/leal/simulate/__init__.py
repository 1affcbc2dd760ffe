"""A company whose truth is known: for the demo, and for tests of recovery."""
