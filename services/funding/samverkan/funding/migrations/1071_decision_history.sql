-- migrate:up
-- The decisions on a compensation one after the other (decision_history.py): a letter says what was decided then. The key
-- is the compensation's id, or `<compensation>/<yyyy-mm>` for a month that was computed again.
create table decision_history (
    history text primary key,
    events jsonb not null default '[]'
);

-- migrate:down
