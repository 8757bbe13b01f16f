"""What a participant agreed to share for matching: wishes and abilities as codes, needs as health. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.placement.agreement.agreement import refusal
from samverkan.placement.agreement.proposal import refuse_extent
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.opening import Adaptations, ProfileShared, WorkProfile
from samverkan.schemas.placement import PlacementReactionRefused

Event = ProfileShared | PlacementReactionRefused

_PROFILES: Final = UUID("3a7d9a52-50f0-5d0b-9f2b-7c3d1e5a8b44")


@dataclass(frozen=True)
class ShareProfile:
    """The participant says what may be used for matching; it takes the place of what was said before."""

    case_id: UUID
    shared_on: date
    work: WorkProfile
    needs: tuple[str, ...] = ()


Command = ShareProfile


@dataclass(frozen=True)
class Profile:
    """What is shared now; None before anything was."""

    shared: ProfileShared | None = None

    @property
    def state(self) -> Literal["none", "shared"]:
        """Whether anything is shared."""
        return "none" if self.shared is None else "shared"


def profile_id(case_id: UUID) -> UUID:
    """The stream of a case's profile: derived, so that there is one."""
    return uuid5(_PROFILES, str(case_id))


def decide(command: Command, profile: Profile) -> Sequence[Event]:
    """Nothing when the same is shared already. Refused `extent-outside-range`."""
    if command.work.extent_most is not None:
        refuse_extent(command.work.extent_most)
    shared = ProfileShared(
        case_id=command.case_id,
        shared_on=command.shared_on,
        employment=command.work,
        health=Adaptations(needs=tuple(sorted(set(command.needs)))) if command.needs else None,
    )
    before = profile.shared
    if before is not None and shared.model_copy(update={"shared_on": before.shared_on}) == before:
        return []
    return [shared]


def evolve(profile: Profile, event: Event) -> Profile:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case ProfileShared():
            return Profile(event)
        case PlacementReactionRefused():
            return profile
        case _:
            assert_never(event)


PROFILE: Final = Aggregate("profile", PLACEMENT.name, Profile(), decide, evolve, refusal)
