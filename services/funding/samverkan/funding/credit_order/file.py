"""The file of a closed order (docs/credit-order.md). Pure: the same order, the same bytes."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from samverkan.funding.credit_order.views import LineRow, OrderRow

FORMAT = "samverkan-kreditorder-1"


@dataclass(frozen=True)
class Control:
    """What the last record says of the ones above it."""

    count: int
    total: Decimal


def order_file(order: OrderRow, lines: Iterable[LineRow], employers: Mapping[UUID, str | None]) -> str:
    """Head, one record per claim by employer and claim, and a last record with count, sum and digest."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(("huvud", FORMAT, order.order_id, order.credit_by, order.closed_on))
    control = Control(0, Decimal(0))
    for line in sorted(lines, key=lambda one: (_employer(one, employers), one.line)):
        amount = line.amount or Decimal(0)
        control = Control(control.count + 1, control.total + amount)
        month = None if line.work_month is None else f"{line.work_month:%Y-%m}"
        employer = _employer(line, employers)
        writer.writerow(
            ("post", control.count, employer, line.compensation_id, month, line.part, line.way, f"{amount:.2f}")
        )
    digest = sha256(out.getvalue().encode()).hexdigest()
    writer.writerow(("summa", control.count, f"{control.total:.2f}", digest))
    return out.getvalue()


def _employer(line: LineRow, employers: Mapping[UUID, str | None]) -> str:
    if line.compensation_id is None:
        return ""
    return employers.get(line.compensation_id) or ""
