"""Settings of funding: none beyond every service's own. Programme rules are data of the release, not of a place."""

from samverkan.backbone.settings import Settings


class FundingSettings(Settings):
    """What every service needs."""
