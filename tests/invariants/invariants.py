"""The invariants of the architecture by name: what README.md's table and the tests' names are held to."""

from typing import Final

INVARIANTS: Final = (
    *("J1", "J2", "R1", "R2", "R3", "W1", "W2", "W3"),
    *("S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9"),
)
