"""What comes next for a placement, on whom it waits and by when: the employer's page says it in two languages. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from samverkan.placement.forms import FORMS, STRICTEST
from samverkan.placement.views.placements import PlacementRow
from samverkan.placement.views.supports import SupportRow
from samverkan.schemas.participant import Programme

ENDS_SOON_DAYS: Final = 90  # the first of the days on which an expiring decision is looked at (domain.md section 3)


@dataclass(frozen=True)
class NextStep:
    """`code` is stable; `waits_on` are parties; `by` is a day where one is known, `days_left` from today on."""

    code: str
    sv: str
    en: str
    waits_on: tuple[str, ...] = ()
    by: date | None = None
    days_left: int | None = None


def next_step(row: PlacementRow, support: SupportRow | None, today: date) -> NextStep:
    """The first thing that is missing; `nothing` once all is done."""
    step = _next(row, support, today)
    return step if step.by is None else NextStep(**{**vars(step), "days_left": (step.by - today).days})


def _next(row: PlacementRow, support: SupportRow | None, today: date) -> NextStep:
    form = STRICTEST if row.form is None else FORMS.get(Programme(row.form), STRICTEST)
    missing = tuple(party for party in row.parties if party not in row.approved_by)
    match row.state:
        case "draft" | "consulted" if form.needs_union and row.consulted_on is None:
            return _union(row)
        case "draft" | "consulted":
            return NextStep("approve", "Godkännande saknas", "Approvals are missing", missing, row.starts_on)
        case "agreed" | "refused" if form.needs_union and row.consulted_on is None:
            return _union(row)
        case "agreed" if form.needs_decision and support is None:
            return NextStep("apply", "Ansök om ersättning", "Apply for compensation", ("employer",), row.starts_on)
        case "agreed" if form.needs_decision:
            return NextStep("decision", "Beslut inväntas", "The decision is awaited", ("af",), row.starts_on)
        case "refused" if row.revoked_from is not None:
            return NextStep(
                "revoked", "Beslutet om ersättning är återkallat", "The decision was revoked", ("employer",)
            )
        case "refused":
            return NextStep("refused", "Ersättningen avslogs", "The compensation was refused", ("employer",))
        case "agreed" | "decided":
            return NextStep("start", "Anmäl starten", "Report the start", ("employer",), row.starts_on)
        case "started" | "interrupted" if row.change_revision is not None and row.change_agreed_on is None:
            return NextStep("approve-change", "En ändring ska godkännas", "A change is to be approved", missing)
        case "started" | "interrupted" if row.change_agreed_on is not None:
            return NextStep("decision", "Nytt beslut inväntas", "A new decision is awaited", ("af",), row.ends_on)
        case "interrupted":
            return NextStep("resume", "Anmäl återgången", "Report the return", ("employer",), row.expected_until)
        case "started" if row.ends_on is not None and row.ends_on < today:
            return NextStep("end", "Anmäl avslutet", "Report the end", ("employer",), row.ends_on)
        case "started" if _support_ends_before(row):
            return NextStep(
                "support-ends",
                "Stödet slutar före placeringen: ändra eller avsluta den",
                "The support ends before the placement: change or end it",
                ("employer", "af"),
                row.covered_until,
            )
        case "started" if row.ends_on is not None and row.ends_on <= today + timedelta(days=ENDS_SOON_DAYS):
            return NextStep("ends-soon", "Slutar snart", "Ends soon", ("employer", "af"), row.ends_on)
        case "started":
            return NextStep("runs", "Pågår", "Runs", (), row.ends_on)
        case "ended" if form.needs_certificate and row.certificate_on is None:
            return NextStep("certificate", "Skriv intyget", "Write the certificate", ("employer",))
        case _:
            return NextStep("nothing", "Inget mer att göra", "Nothing more to do")


def _support_ends_before(row: PlacementRow) -> bool:
    """Whether funding's decision, shortened or revoked, ends before what the parties agreed."""
    return row.covered_until is not None and row.ends_on is not None and row.covered_until < row.ends_on


def _union(row: PlacementRow) -> NextStep:
    return NextStep("union", "Fackets yttrande inväntas", "The union's opinion is awaited", ("af",), row.reply_by)
