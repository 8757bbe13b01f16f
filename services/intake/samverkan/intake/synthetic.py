"""Skatteverket's published test numbers: the only persons that tests, chaos and benchmarks ever name.

Source: Skatteverket, "Testpersonnummer" and "Testsamordningsnummer" (open data); domain.md section 5.
"""

from typing import Final

PERSONNUMMER: Final = (
    "198705212382",
    "198808112380",
    "199001012385",
    "199006022397",
    "199107172380",
    "199610202385",
    "199710182396",
    "199912282382",
    "200001052380",
    "200002292399",
)
SAMORDNINGSNUMMER: Final = ("202601612381", "202201612393", "191401682396")
