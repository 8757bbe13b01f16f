"""The förbund under chaos: one small budget that many bind at the same time, far beyond what there is.

Amounts are large beside the budget, so that most commitments must be refused: whatever is granted too much shows.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any, Final

from samverkan.backbone.http.call import new_id_of
from samverkan.cli.chaos.caller import Caller
from samverkan.cli.chaos.history import Command

_FK, _REGION, _SKELLEFTEA, _NORSJO = "202100-5521", "232100-0222", "2482", "2417"
_MEMBERS: Final = (_FK, _REGION, _SKELLEFTEA, _NORSJO)
_TOTAL: Final = Decimal("1000000.00")
_PAUSE_SECONDS: Final = 0.5
_GIVEN_BACK: Final = 0.3  # the share of commitments that is given back, so that there is money to fight for again


@dataclass
class Treasury:
    """One budget and one insats; `commit` may be called by many at once."""

    association: str
    stopping: Callable[[], bool]
    _budget: str = ""
    _insats: str = ""

    async def open(self, caller: Caller) -> bool:
        """Adopt the budget and sign the agreement; False when that was refused."""
        draft = {
            "association": self.association,
            "year": 2026,
            "total": str(_TOTAL),
            "insurance": _FK,
            "region": _REGION,
            "municipal_split": {_SKELLEFTEA: 94, _NORSJO: 6},
            "drafted_on": "2025-10-01",
        }
        drafted = await self._give(caller, "/budgets", draft)
        if drafted.stream_id is None:
            return False
        self._budget = f"/budgets/{drafted.stream_id}"
        for member in _MEMBERS:
            heard = {"member": member, "agrees": True, "consulted_on": "2025-10-20"}
            await self._give(caller, f"{self._budget}/consultations", heard)
        adopted = await self._give(caller, f"{self._budget}/adoption", {"adopted_on": "2025-11-20"}, "forbund-chef-1")
        proposed = await self._give(caller, "/insatser", self._agreement())
        if proposed.stream_id is None:
            return False
        for party in (*_MEMBERS, self.association):
            signed = {"party": party, "signed_on": "2025-12-10"}
            await self._give(caller, f"/insatser/{proposed.stream_id}/signatures", signed)
        self._insats = str(proposed.stream_id)
        return adopted.outcome == "acknowledged"

    async def commit(self, caller: Caller, random: Random) -> None:
        """Bind money and now and then give some back, until told to stop."""
        while not self.stopping():
            await asyncio.sleep(random.random() * _PAUSE_SECONDS)
            amount = Decimal(random.randint(5_000_000, 40_000_000)) / 100
            prepared = await self._give(caller, f"{self._budget}/commitments", self._commitment(amount))
            if prepared.outcome != "acknowledged":
                continue
            commitment = str(new_id_of("funding", f"forbund/{prepared.key}"))
            at = f"{self._budget}/commitments/{commitment}"
            await asyncio.sleep(random.random() * _PAUSE_SECONDS)
            made = await self._give(caller, f"{at}/attestation", {"decided_on": "2026-02-02"}, "forbund-chef-1")
            if made.outcome == "acknowledged" and random.random() < _GIVEN_BACK and not self.stopping():
                release = {"amount": str(amount), "prepared_on": "2026-03-02"}
                await self._give(caller, f"{at}/release", release)
                await self._give(caller, f"{at}/release/attestation", {"released_on": "2026-03-03"}, "forbund-chef-1")

    def _commitment(self, amount: Decimal) -> dict[str, Any]:
        return {"insats_id": self._insats, "amount": str(amount), "participants": 10, "prepared_on": "2026-01-12"}

    def _agreement(self) -> dict[str, Any]:
        parties: Sequence[str] = (*_MEMBERS, self.association)
        return {
            "association": self.association,
            "title": "Arbetsmarknadstorget",
            "target_group": "16–29 år",
            "parties": parties,
            "steering_group": [_SKELLEFTEA],
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
            "places": 40,
            "contributions": [{"party": self.association, "year": 2026, "kind": "money", "amount": "9000000.00"}],
            "proposed_on": "2025-12-01",
        }

    @staticmethod
    async def _give(caller: Caller, path: str, body: Any, actor: str = "forbund-ekonom-1") -> Command:
        return await caller.give("funding", path, body, agency="forbund", actor=actor)
