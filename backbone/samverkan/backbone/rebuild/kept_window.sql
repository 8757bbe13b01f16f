-- kept_window.sql: the events applied between two places in the order of application, without those skipped (S6). The
-- block range index kept_event_order finds them.
select * from kept_event
where applied_order > $1 and applied_order <= $2 and not skipped
order by applied_order
