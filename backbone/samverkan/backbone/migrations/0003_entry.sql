-- migrate:up
-- Kept and held events as one `entry`, the bytes that the leaf hashes (schemas/entry.py): `sha256('\x00' || entry)` is
-- the leaf, and topic, key, attributes and value are read from it. Attributes as json cost five times as much to write
-- and to check as all other columns together (2026-11).
--
-- The streams of a case are found through their heads: an index of kept events by case cost a random page for every
-- event, where that of heads costs one for every stream.

create function pg_temp.prefixed(part bytea) returns bytea immutable language sql
return int4send(length(part)) || part;

create function pg_temp.entry(topic text, stream_id uuid, attributes json, value bytea) returns bytea stable language sql
return pg_temp.prefixed(convert_to(topic, 'UTF8'))
    || pg_temp.prefixed(convert_to(stream_id::text, 'UTF8'))
    || (
        select string_agg(
            pg_temp.prefixed(convert_to('ce_' || a.key, 'UTF8')) || pg_temp.prefixed(convert_to(a.value, 'UTF8')),
            '' order by a.key collate "C"
        )
        from json_each_text(attributes) as a
    )
    || pg_temp.prefixed(value);

alter table kept_event add column entry bytea;
update kept_event set entry = pg_temp.entry(topic, stream_id, attributes, value);
alter table kept_event alter column entry set not null, drop column attributes, drop column value;

alter table held_event add column entry bytea;
update held_event set entry = pg_temp.entry(topic, stream_id, attributes, value);
alter table held_event alter column entry set not null, drop column attributes, drop column value;

alter table head add column correlation_id uuid;
update head set correlation_id = k.correlation_id
from kept_event as k where k.stream_id = head.stream_id and k.version = 1;
create index head_case on head (correlation_id);
drop index kept_event_case;

-- migrate:down
