-- record.sql (S6): what was done, by whom and why.
insert into repair (action, repaired_at, repaired_by, reason, code, topic, partition, kafka_offset, stream_id, version,
                    event_id, leaf)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
