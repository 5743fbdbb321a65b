-- Forms: what is asked (a draft, and versions that never change), and each time a couple was asked. Answers lie in
-- `answer`, as they come with the event; what a couple has typed and not sent yet lies here, sealed with their key.

create table app.form (
  vendor_id uuid not null references app.vendor,
  form_id uuid not null,
  key text not null check (key ~ '^[a-z][a-z0-9_-]{0,59}$'),
  name text not null,
  -- The newest published version; null while there is only a draft.
  version int,
  archived_at timestamptz,
  draft bytea not null,
  draft_hash bytea not null,
  changed_at timestamptz not null,
  created_at timestamptz not null,
  primary key (vendor_id, form_id),
  unique (vendor_id, key)
);

-- Immutable once written: there is no update grant.
create table app.form_version (
  vendor_id uuid not null,
  form_id uuid not null,
  version int not null check (version > 0),
  document bytea not null,
  hash bytea not null,
  published_at timestamptz not null,
  published_by text not null,
  primary key (vendor_id, form_id, version),
  foreign key (vendor_id, form_id) references app.form (vendor_id, form_id)
);

-- A couple was asked: with this version, whatever is published later. The link is derived from the row's id by a key
-- of the vendor and is not kept; its hash finds the row.
create table app.form_sending (
  vendor_id uuid not null,
  sending_id uuid not null,
  form_id uuid not null,
  version int not null,
  client_id uuid not null,
  -- The step that asked; null for a link that a member made by hand.
  run_id uuid,
  node text,
  visit int,
  token_hash bytea not null,
  -- The page closes with the step's wait.
  closes boolean not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  draft bytea,
  saved_at timestamptz,
  submitted_at timestamptz,
  -- How often answers were sent: the second copy of a click names a count that has passed.
  submissions int not null default 0,
  withdrawn_at timestamptz,
  withdrawn_by text,
  primary key (vendor_id, sending_id),
  unique (vendor_id, token_hash),
  unique (vendor_id, run_id, node, visit),
  foreign key (vendor_id, form_id, version) references app.form_version (vendor_id, form_id, version),
  foreign key (vendor_id, client_id) references app.client (vendor_id, client_id),
  foreign key (vendor_id, run_id) references app.run (vendor_id, run_id)
);
create index form_sending_form on app.form_sending (vendor_id, form_id, asked_at desc);
create index form_sending_client on app.form_sending (vendor_id, client_id);
create index answer_form on app.answer (vendor_id, form, at desc);

do $$
declare t text;
begin
  foreach t in array array['app.form', 'app.form_version', 'app.form_sending']
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy vendor on %s to wed_app using ((vendor_id = any ((select app.vendors())::uuid[])) is true) with check ((vendor_id = any ((select app.vendors())::uuid[])) is true)', t);
    execute format('create policy backup on %s for select to wed_backup using (true)', t);
    execute format('grant select on %s to wed_backup', t);
    execute format('grant select, insert on %s to wed_app', t);
  end loop;
end $$;
grant update (name, version, archived_at, draft, draft_hash, changed_at) on app.form to wed_app;
grant update (draft, saved_at, submitted_at, submissions, withdrawn_at, withdrawn_by) on app.form_sending to wed_app;
