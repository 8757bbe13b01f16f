"""Types for the bodies of commands, with the limits of what the system can store and compute.

Limits that the law gives stand in the domain; these keep out what no rule has an answer for.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

# A date of law. Before and after these, calendars of other countries and arithmetic on instants begin to fail.
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]

# An amount in kronor, to the öre; below ten thousand million, beyond any budget of the domain.
Kronor = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2, allow_inf_nan=False)]

# A name or a title: one line. A reason or a description: a page. Blank is not an answer.
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]
