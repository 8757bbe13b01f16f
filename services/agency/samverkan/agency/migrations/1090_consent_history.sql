-- migrate:up
-- consent_view.py: what shared_case kept of every consent. A case without any has no row.
create table consent_history (
    case_id uuid primary key,
    grants jsonb not null default '[]'
);
insert into consent_history select case_id, grants from shared_case where grants <> '[]';

-- case_view.py: of the consents only what is in force, and from whom any was taken back, as `open_grants` and
-- `taken_back` of consents.py make them. Here and not by a rebuild: between the two nothing would be withheld.
alter table shared_case add column taken_back_from text[] not null default '{}';
update shared_case set
    taken_back_from = array(
        select distinct (one ->> 'agency') collate "C" as agency
        from jsonb_array_elements(grants) as each(one)
        where one -> 'ended_at' <> '{}'
        order by agency
    ),
    grants = (
        select coalesce(jsonb_agg(
            jsonb_build_object(
                'agency', agency, 'purpose', purpose, 'insats', insats, 'compartments', compartments,
                'ended_at', jsonb_build_object()
            )
            order by agency, purpose, coalesce(insats, '')
        ), '[]')
        from (
            select
                (one ->> 'agency') collate "C" as agency,
                (one ->> 'purpose') collate "C" as purpose,
                (one ->> 'insats') collate "C" as insats,
                jsonb_agg(distinct compartment collate "C") as compartments
            from jsonb_array_elements(grants) as each(one),
                jsonb_array_elements_text(one -> 'compartments') as part(compartment)
            where not one -> 'ended_at' ? compartment
            group by 1, 2, 3
        ) left_open
    )
where grants <> '[]';

-- migrate:down
