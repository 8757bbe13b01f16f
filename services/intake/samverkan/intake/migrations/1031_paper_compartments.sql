-- migrate:up
-- Of which compartments a paper tells: what cannot be read any more is told from what was never there.

alter table paper add column compartments text[] not null default '{}';

-- migrate:down
