"""Example states and commands of a publication: docs/states/ shows what each pair leads to."""

from dataclasses import replace
from typing import Final

from samverkan.backbone.testing.machine import Machine
from samverkan.intake.statistics.examples import PUBLISH
from samverkan.intake.statistics.publication import STATISTICS, Publication, decide

STATISTICS_MACHINE: Final = Machine(
    STATISTICS,
    states={"none": (), "published": decide(PUBLISH, Publication())},
    commands={
        "PublishStatistics": PUBLISH,
        "PublishStatistics with other contents": replace(PUBLISH, cells={"begun/all": 41}),
        "PublishStatistics too early": replace(PUBLISH, published_on=PUBLISH.period.last_on),
    },
)
