"""The checker on facts made by hand: silent about a sound run, and each thing that must not be is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from records import Raw, placed, raw
from samverkan.backbone.http.call import command_id_of
from samverkan.backbone.replay.history import History as Published
from samverkan.backbone.replay.snapshot import Snapshot
from samverkan.backbone.replay.verify import Store
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.backbone.subscription.reacting import Reader
from samverkan.cli.chaos.arena import Causes, Forgery
from samverkan.cli.chaos.check import CHECKS
from samverkan.cli.chaos.check.views import views_are_folds
from samverkan.cli.chaos.facts import Facts, Held, Journal, Row, Struck
from samverkan.cli.chaos.history import Command
from samverkan.cli.chaos.kinds import Kind
from samverkan.cli.chaos.schedule import Strike
from samverkan.cli.chaos.violation import Violation, near
from samverkan.schemas.catalogue import PARTICIPANT, PLACEMENT
from samverkan.schemas.codec import ALL
from samverkan.schemas.envelope import Requirement

CASE, AGREEMENT = UUID(int=1), UUID(int=2)
KEY = "chaos-1-0/1"
COMMAND = command_id_of("intake", f"kommun/{KEY}", CASE)
TOPICS = {topic.name: topic for topic in (PARTICIPANT, PLACEMENT)}
PLACE = (PARTICIPANT.name, 0)


@dataclass
class Sound:
    """A run in which nothing went wrong: a case of three events, the last of them by a command, and a placement that
    requires the second. What a test changes is what it is about."""

    case: list[Raw] = field(
        default_factory=lambda: [
            raw(PARTICIPANT, CASE, version, version - 1, command_id=COMMAND if version == 3 else None)
            for version in (1, 2, 3)
        ]
    )
    commands: list[Command] = field(default_factory=lambda: [acknowledged("ConsentGiven")])
    causes: Causes = field(default_factory=Causes)
    applied: list[tuple[UUID, int]] = field(default_factory=lambda: [(CASE, 1), (CASE, 2), (AGREEMENT, 1), (CASE, 3)])
    waiting: list[tuple[UUID, int]] = field(default_factory=list)
    holds: dict[UUID, dict[str, object]] = field(default_factory=dict)
    rejected: dict[tuple[str, int, int], str] = field(default_factory=dict)
    forks: set[tuple[str, int, int]] = field(default_factory=set)
    positions: dict[tuple[str, int], int] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    cursor: int = 3
    unpublished: int = 0
    journalled: int = 3

    def facts(self) -> Facts:
        requires = (Requirement(PARTICIPANT.name, CASE, 2),)
        published = Published(TOPICS)
        on_topic = placed(PARTICIPANT, self.case[: len(self.case) - self.unpublished])
        agreements = placed(PLACEMENT, [raw(PLACEMENT, AGREEMENT, 1, 0, requires=requires)])
        for record in [*on_topic, *agreements]:
            published.take(record)
        whole = Published(TOPICS)
        for record in placed(PARTICIPANT, self.case):
            whole.take(record)
        ends = {PLACE: len(on_topic), (PLACEMENT.name, 0): 1}
        arrivals = {(one.stream_id, one.version): one for one in (*whole.arrivals, *published.arrivals)}
        snapshot = Snapshot(
            offsets=ends | self.positions,
            heads={},
            applied={key: {"leaf": arrivals[key].leaf} for key in self.applied if key in arrivals},
            skipped=frozenset(),
            waiting={key: {} for key in self.waiting},
            holds=self.holds,
            rejected=self.rejected,
            rows={},
        )
        store = Store("agency.af", Reader(TOPICS, ALL, {}), ())
        order = {key: number for number, key in enumerate(self.applied)}
        held = Held(store, None, snapshot, order, frozenset(self.forks), None)
        journals = {
            "intake": Journal("intake", PARTICIPANT, rows_of(whole.arrivals, self.journalled), 0, 3, self.cursor),
            "placement": Journal("placement", PLACEMENT, rows_of(published.arrivals[-1:], 1), 0, 1, 1),
        }
        return Facts(self.commands, [], self.causes, journals, {"agency.af": held}, published, ends, self.troubles)


def rows_of(arrivals: Sequence[Arrival], count: int) -> list[Row]:
    return [
        Row(one.stream_id, one.version, number, one.envelope.id, one.log_index, one.leaf)
        for number, one in enumerate(arrivals[:count], 1)
    ]


def acknowledged(*events: str) -> Command:
    path = f"/cases/{CASE}/consents"
    return Command("intake", path, "kommun", KEY, 0.0, 1.0, 1, "acknowledged", 200, None, CASE, 3, events)


def found(sound: Sound) -> list[tuple[str, str]]:
    facts = sound.facts()
    return [(one.invariant, one.kind) for one in _all(facts)]


def _all(facts: Facts) -> Iterable[Violation]:
    """Views need real rows: they are compared in whole runs, and in the replay's own tests."""
    return (violation for one in CHECKS if one is not views_are_folds for violation in one(facts))


def test_a_sound_run_is_passed_in_silence() -> None:
    assert found(Sound()) == []


def test_an_acknowledged_command_without_its_event_is_lost() -> None:
    assert ("J1", "lost") in found(Sound(journalled=2))


def test_an_acknowledgement_that_names_other_events_than_were_written_is_said() -> None:
    assert found(Sound(commands=[acknowledged()])) == [("J1", "doubled")]


def test_a_refused_command_that_led_to_an_event_is_said() -> None:
    refused = replace(acknowledged(), outcome="refused", status=409, stream_id=None, version=0, events=())
    assert found(Sound(commands=[refused])) == [("J1", "doubled")]


def test_a_command_that_was_never_answered_is_said() -> None:
    assert found(Sound(commands=[replace(acknowledged("ConsentGiven"), outcome="unanswered")])) == [
        ("HTTP", "unanswered")
    ]


def test_r1_a_journal_row_that_never_reached_its_topic_is_lost() -> None:
    assert ("R1", "lost") in found(Sound(unpublished=1))


def test_r1_a_cursor_behind_the_log_is_said() -> None:
    assert found(Sound(cursor=2)) == [("R1", "lag")]


def test_s1_an_event_that_one_store_lacks_is_lost() -> None:
    assert found(Sound(applied=[(CASE, 1), (CASE, 2), (AGREEMENT, 1)])) == [("S1", "lost")]


def test_s3_a_stream_applied_out_of_order_is_said() -> None:
    assert found(Sound(applied=[(CASE, 2), (AGREEMENT, 1), (CASE, 1), (CASE, 3)])) == [("S3", "out of order")]


def test_s5_an_event_applied_before_what_it_requires_is_said() -> None:
    assert found(Sound(applied=[(CASE, 1), (AGREEMENT, 1), (CASE, 2), (CASE, 3)])) == [("S5", "out of order")]


def test_a_store_that_has_not_read_to_the_end_is_said() -> None:
    assert found(Sound(positions={PLACE: 2})) == [("S2", "lag")]


def test_a_dead_process_is_said() -> None:
    assert found(Sound(troubles={"intake": "does not run"})) == [("S2", "dead")]


def test_s4_a_parked_stream_without_a_cause_is_said_with_the_event_that_it_keeps_back() -> None:
    parked = {CASE: {"reason": "parked", "version": 3, "code": "fold-raised"}}
    sound = Sound(applied=[(CASE, 1), (CASE, 2), (AGREEMENT, 1)], waiting=[(CASE, 3)], holds=parked)
    assert found(sound) == [("S1", "lost"), ("S4", "parked")]


def test_w3_a_fork_that_chaos_forged_explains_the_stream_that_it_parks() -> None:
    forged = Causes(forged=[Forgery(PARTICIPANT.name, 0, 3, CASE, 2)])
    parked = {CASE: {"reason": "parked", "version": 2, "code": "fork"}}
    sound = Sound(
        applied=[(CASE, 1), (CASE, 2), (AGREEMENT, 1)],
        waiting=[(CASE, 3)],
        holds=parked,
        causes=forged,
        forks={(PARTICIPANT.name, 0, 3)},
    )
    assert found(sound) == []
    assert found(replace(sound, forks=set())) == [("W3", "lost")]  # nobody noticed it
    assert found(replace(sound, waiting=[])) == [("S1", "lost")]  # the stream may stand still, its events may not go


def test_a_poisoned_record_must_be_listed_and_no_other_may() -> None:
    poisoned = (PARTICIPANT.name, 0, 1)
    assert found(Sound(causes=Causes(poisoned={poisoned}))) == [("S4", "lost")]
    assert found(Sound(causes=Causes(poisoned={poisoned}), rejected={poisoned: "value-missing"})) == []
    assert found(Sound(rejected={poisoned: "value-missing"})) == [("S4", "parked")]


def test_a_violation_names_the_faults_of_its_store_first() -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    strikes = [
        Struck(Strike(number, Kind.KILL_AGENCY, target, 0.0, 1.0, 0), at + timedelta(seconds=late), healed_at=at)
        for number, (target, late) in enumerate([("agency.fk", 0.0), ("agency.af", -2.0), ("agency.af", -60.0)], 1)
    ]
    strikes[2].healed_at = at - timedelta(seconds=50)
    named = near(Violation("S1", "lost", "agency.af stream 1", "it", "none", at), strikes)
    assert [line.split()[0] for line in named] == ["2", "1"]
