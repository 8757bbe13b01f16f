-- pending.sql (R3): is there anything to number? Asked every 50 ms, so it must be one index probe.
select exists (select from unsequenced)
