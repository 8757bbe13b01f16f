-- offsets.sql (S1): where this store stands in Kafka.
select topic, partition, next_offset from subscription_offset
