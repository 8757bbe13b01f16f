-- due_now.sql (S6): these parked streams, or all when $1 is null, are due at $2; the running process tries them within
-- a second. Trying a fork again cannot help until somebody has said which event is the true one: acknowledged.
update held_stream as h set retry_at = $2
where h.reason = 'parked' and ($1::uuid[] is null or h.stream_id = any ($1::uuid[]))
  and not exists (
    select from fork as f
    where f.stream_id = h.stream_id and not exists (
        select from repair as r
        where r.action = 'acknowledge'
          and (r.topic, r.partition, r.kafka_offset) = (f.topic, f.partition, f.kafka_offset)))
returning h.stream_id, h.topic, h.version, h.code
