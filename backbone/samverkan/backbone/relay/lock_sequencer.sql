-- lock_sequencer.sql (J2): makes numbering one at a time and refuses a relay that has lost its lease. No row: lost.
select next, cursor from sequencer where holder = $1 for update
