-- migrate:up
-- paper_view.py: the papers of the shared cases, without what stands in them.
create table case_paper (
    paper_sha256 text primary key,
    case_id uuid,
    service text,
    template text,
    template_version integer,
    subject_id uuid,
    subject_version integer,
    made_on date,
    registration text,
    compartments text[] not null default '{}'
);
create index case_paper_case on case_paper (case_id, paper_sha256);

-- migrate:down
