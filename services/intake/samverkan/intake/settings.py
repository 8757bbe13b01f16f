"""Settings of intake."""

from pathlib import Path

from pydantic import Field

from samverkan.backbone.settings import Settings


class IntakeSettings(Settings):
    """What intake needs beyond every service's settings."""

    blind_index_key_file: Path = Field()
    """File with the key of the blind index over personnummer, at least 32 random bytes. Required. With another key
    nobody is found again and every referral opens a new case; whoever has it can test which personnummer are known."""
