"""`samverkan import payments`: every line to funding, the bad ones to a reject file, and a summary."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx

from samverkan.cli.calls import NoAnswer, client, send
from samverkan.cli.payments.lines import Payment, payments
from samverkan.cli.referrals.columns import ColumnsUnusable
from samverkan.cli.referrals.table import FileUnusable, Line, read_sheet
from samverkan.cli.rejects import Mistake, rejects_of, write_rejects
from samverkan.cli.up.run import NothingRuns, load
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import DIFFERENT, FAILED, NOTHING_RUNS, OK, USAGE

_NOT_THE_LINE: Final = frozenset({400, 401, 403, 405, 415})  # all lines would get the same answer


@dataclass
class Taken:
    """What came of the lines: `new`, `known` from before, and rejected ones."""

    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[Line, list[Mistake]]] = field(default_factory=list)


def import_payments(path: Path, *, agency: str, funding_url: str | None = None) -> int:
    """Take in a list of payments on behalf of `agency`; the exit code.

    0: every line is in. 1: some were rejected, and stand in the reject file. 2: the file cannot be used. 3: nothing
    runs. 70: funding stopped answering; the same command again takes in what is left, and nothing twice.
    """
    try:
        sheet = read_sheet(path)
        found = list(payments(sheet))
        url = funding_url or load().service("funding").url
    except (FileUnusable, ColumnsUnusable) as unusable:
        complain(str(unusable))
        return USAGE
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    taken, code = Taken(), OK
    try:
        asyncio.run(_send_all(found, taken, url, agency))
    except NoAnswer as end:
        complain(str(end))
        code = FAILED
    write_rejects(path, sheet, taken.rejected)
    say(
        f"{taken.counts.total() + len(taken.rejected)} of {len(sheet.lines)} lines: {taken.counts['new']} new, "
        f"{taken.counts['known']} already there, {len(taken.rejected)} rejected"
    )
    if taken.rejected:
        say(f"Rejected lines with their reasons: {rejects_of(path)}. Mend them there and import that file.")
    return DIFFERENT if code == OK and taken.rejected else code


async def _send_all(found: Sequence[Payment | tuple[Line, list[Mistake]]], taken: Taken, url: str, agency: str) -> None:
    async with client() as http:
        for one in found:
            if isinstance(one, Payment):
                await _send(http, one, taken, url, agency)
            else:
                taken.rejected.append(one)


async def _send(http: httpx.AsyncClient, payment: Payment, taken: Taken, url: str, agency: str) -> None:
    headers = {
        "Samverkan-Agency": agency,
        "Idempotency-Key": _key(payment),
        "Accept-Language": "sv",
    }
    target = f"{url}/compensations/{payment.compensation}/payments"
    answer = await send(http, "POST", target, headers=headers, body=payment.body)
    if answer.status < 400:
        taken.counts["known" if answer.body["repeated"] or not answer.body["events"] else "new"] += 1
        return
    if answer.problem is None or answer.status in _NOT_THE_LINE or answer.status >= 500:
        raise NoAnswer(f"Funding answers {answer.status} {answer.problem or ''}: no line can be taken in.")
    taken.rejected.append((payment.line, [Mistake(answer.problem, str(answer.body["detail"]))]))


def _key(payment: Payment) -> str:
    """The same for the same content: another list that says the same sends the same request."""
    content = json.dumps([str(payment.compensation), payment.body], sort_keys=True)
    return f"payment-{sha256(content.encode()).hexdigest()[:40]}"
