"""What was understood of a report, in words: the receipt says it in Swedish and in English. Pure.

The words say nothing of why somebody is away.
"""

from samverkan.placement.views.changes import ReportRow
from samverkan.schemas.placement import ReportKind


def understood(row: ReportRow) -> tuple[str, str]:
    """The sentence in Swedish and in English."""
    day = f"{row.applies_from}"
    match row.kind:
        case ReportKind.END:
            return f"Sista dagen är {day}.", f"The last day is {day}."
        case ReportKind.HOURS:
            percent = "–" if row.extent is None else f"{(row.extent * 100).normalize():f}"
            return (
                f"Omfattningen är {percent} % från och med {day}; övriga parter ska godkänna.",
                f"The extent is {percent} % from {day} on; the other parties are to approve.",
            )
        case ReportKind.ABSENCE:
            if row.expected_until is None:
                return f"Frånvarande sedan {day}.", f"Away since {day}."
            until = row.expected_until
            return f"Frånvarande sedan {day}, väntas till {until}.", f"Away since {day}, expected until {until}."
        case _:
            return f"En ändring från {day}.", f"A change from {day} on."
