-- lock.sql (S0): the first statement of every apply transaction. Applying is serial per store, whoever runs it.
select halted_at from subscription where name = $1 for update
