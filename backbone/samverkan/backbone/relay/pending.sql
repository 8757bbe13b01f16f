-- pending.sql (R3): is there anything to number? Asked every 50 ms. The table is empty or short, and reading it from
-- end to end beats its index where vacuum lags behind: past 300 000 dead rows that an open snapshot holds, 7 ms
-- against 80 ms (2 cores, 2026-11).
select exists (select from unsequenced)
