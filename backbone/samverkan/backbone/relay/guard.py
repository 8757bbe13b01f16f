"""What must be done before a relay may number or send, and what may interrupt it (W2)."""

from typing import Protocol
from uuid import UUID

from aiokafka import AIOKafkaProducer

from samverkan.backbone.database import Connection
from samverkan.backbone.errors import SamverkanError


class LeaseLost(SamverkanError):
    """Another relay is the active one: stand by. What this one sent last will be sent again by the other."""

    def __init__(self) -> None:
        super().__init__("lease-lost")


class Standstill(SamverkanError):
    """Log and topic may not be touched: somebody must look, or asked for it. Compare again after `seconds`."""

    def __init__(self, code: str, seconds: float) -> None:
        super().__init__(code)
        self.seconds = seconds


class CompareAgain(SamverkanError):
    """Log and topic must be compared before anything more is sent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)


class Guard(Protocol):
    """Recovery as the relay knows it."""

    async def agree(self, kafka: AIOKafkaProducer, holder: UUID, lease_seconds: float) -> None:
        """On return log and topic agree, and the cursor stands at the log's end. Standstill: they must not be touched.

        LeaseLost, Transient, KafkaError: nothing is decided; begin again. Restartable wherever it is stopped.
        """
        ...

    async def watch(self) -> None:
        """Runs beside a relay that sends, without end. CompareAgain: what was compared is not what is there."""
        ...

    def admit(self, connection: Connection) -> None:
        """CompareAgain: this is not the database that was compared."""
        ...

    async def rest(self) -> bool:
        """Whether the standstill is to be looked at again before its time."""
        ...
