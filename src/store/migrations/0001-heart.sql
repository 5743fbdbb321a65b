-- The heart: vendors and their couples, journeys and runs, events, effects.
--
-- Rules that hold in every table (security 1): vendor_id leads the primary key, every reference is composite
-- with it, row-level security compares it with the transaction's list. No statement and no default reads a
-- clock: every moment is an argument (I8, ports Clock). Personal data is sealed and lies only in `person`,
-- `client.fields`, `event.personal`, `answer` and `effect_content`.

create schema if not exists app;

-- The vendors this transaction may touch; an earlier `set local` leaves '' behind, not NULL.
create function app.vendors() returns uuid[] language sql stable parallel safe
  as $$ select coalesce(nullif(current_setting('app.vendor_ids', true), '')::uuid[], '{}') $$;

create sequence app.fence;

-- One row: which installation this is. A restored copy or a clone gets a new id and must not send.
create table app.installation (
  only_one boolean primary key default true check (only_one),
  installation_id uuid not null,
  created_at timestamptz not null,
  sending boolean not null default false,
  sending_for uuid,
  zone_data text not null
);

create table app.vendor (
  vendor_id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  type text not null,
  zone text not null,
  region text not null,
  -- Working days, open hours, caps, late defaults: the part of VendorView that is a setting.
  rules jsonb not null default '{}',
  -- Grows with every change of rules or calendar; loaded views are cached under it.
  rev int not null default 1,
  calendar_generation int not null default 1,
  suspended_at timestamptz,
  created_at timestamptz not null
);

create table app.wrapped_key (
  vendor_id uuid not null references app.vendor,
  -- The person or client the key belongs to; the vendor's own key has the vendor's id.
  subject_id uuid not null,
  -- A master key's id, or 'vendor'. A destroyed key leaves an empty row, so that nothing is sealed for an erased
  -- person again by accident.
  sealed_by text not null,
  wrapped bytea,
  primary key (vendor_id, subject_id)
);

create table app.api_key (
  vendor_id uuid not null references app.vendor,
  api_key_id uuid not null,
  name text not null,
  hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (vendor_id, api_key_id)
);

create table app.wedding (
  vendor_id uuid not null references app.vendor,
  wedding_id uuid not null,
  status text not null check (status in ('held', 'confirmed', 'moved', 'to_be_confirmed', 'cancelled')),
  zone text,
  region text,
  guests int check (guests >= 0),
  -- {"wedding": {"value": {...} | null, "generation": 1}, "due:balance": …}
  anchors jsonb not null default '{}',
  -- The day of the `wedding` anchor again, so that a vendor's working days are one index scan.
  wedding_on date,
  place bytea,
  created_at timestamptz not null,
  primary key (vendor_id, wedding_id)
);
-- The days on which a vendor works, read whole at every change of one of them: by the index alone.
create index wedding_day on app.wedding (vendor_id, wedding_on)
  where wedding_on is not null and status in ('held', 'confirmed', 'moved');

create table app.client (
  vendor_id uuid not null references app.vendor,
  client_id uuid not null,
  wedding_id uuid,
  stage text not null default 'inquiry',
  tags text[] not null default '{}',
  language text not null default 'en' check (language ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'),
  zone text,
  anchors jsonb not null default '{}',
  fields bytea,
  -- Reasons this client's journeys are held, for example a conversation.
  holds text[] not null default '{}',
  -- How many messages that a cap counts were planned. Who plans one must have counted all before it.
  capped int not null default 0,
  created_at timestamptz not null,
  erased_at timestamptz,
  primary key (vendor_id, client_id),
  foreign key (vendor_id, wedding_id) references app.wedding (vendor_id, wedding_id)
);
create index client_wedding on app.client (wedding_id);

create table app.person (
  vendor_id uuid not null,
  person_id uuid not null,
  client_id uuid not null,
  -- partner_a, partner_b, payer, planner, vendor:<category>, guest:<n>
  ref text not null,
  -- Name, mail, phone, address: one sealed document with the person's key.
  sealed bytea not null,
  email_mark bytea,
  phone_mark bytea,
  zone text,
  -- {"email": ["transactional", …], "sms": […]}
  may jsonb not null default '{"email": ["transactional", "relationship"], "sms": []}',
  primary key (vendor_id, person_id),
  unique (vendor_id, client_id, ref),
  foreign key (vendor_id, client_id) references app.client (vendor_id, client_id)
);
create index person_email on app.person (vendor_id, email_mark) where email_mark is not null;

create table app.consent (
  vendor_id uuid not null,
  consent_id uuid not null,
  person_id uuid not null,
  channel text not null,
  class text not null,
  granted boolean not null,
  source text not null,
  at timestamptz not null,
  primary key (vendor_id, consent_id),
  foreign key (vendor_id, person_id) references app.person (vendor_id, person_id)
);

-- Survives erasure: a keyed mark, not an address.
create table app.suppression (
  vendor_id uuid not null references app.vendor,
  mark bytea not null,
  channel text not null,
  class text not null,
  reason text not null,
  at timestamptz not null,
  primary key (vendor_id, mark, channel, class)
);

create table app.member (
  vendor_id uuid not null references app.vendor,
  member_id uuid not null,
  role text not null check (role in ('owner', 'manager', 'assistant', 'viewer')),
  sealed bytea not null,
  primary key (vendor_id, member_id)
);

create table app.journey (
  vendor_id uuid not null references app.vendor,
  journey_id uuid not null,
  key text not null check (key ~ '^[a-z0-9][a-z0-9_-]{0,99}$'),
  name text not null,
  category text not null,
  status text not null check (status in ('draft', 'active', 'paused', 'archived')),
  -- The newest published version, and what starts it; null while there is only a draft.
  version int,
  trigger_type text,
  listens_to text,
  draft bytea,
  -- The template it was taken from, and in which version: what has changed in it since can be told.
  template text,
  template_version int check ((template is null) = (template_version is null)),
  created_at timestamptz not null,
  primary key (vendor_id, journey_id),
  unique (vendor_id, key)
);
create index journey_listens on app.journey (vendor_id, listens_to) where status = 'active';

-- Immutable once written (I7): there is no update grant.
create table app.journey_version (
  vendor_id uuid not null,
  journey_id uuid not null,
  version int not null check (version > 0),
  document bytea not null,
  hash bytea not null,
  published_at timestamptz not null,
  published_by text not null,
  primary key (vendor_id, journey_id, version),
  foreign key (vendor_id, journey_id) references app.journey (vendor_id, journey_id)
);

-- The hot row. What changes at every step (rev, status, state) is in no index; `due_at` is in one, partial, and
-- stays as it is while a run is active, so that most updates are heap-only.
create table app.run (
  vendor_id uuid not null,
  run_id uuid not null,
  journey_id uuid not null,
  version int not null,
  client_id uuid not null,
  wedding_id uuid,
  shard smallint not null,
  band smallint not null,
  rev int not null default 1,
  inbox int not null default 0,
  due_at timestamptz,
  status text not null check (status in ('active', 'waiting', 'paused', 'completed', 'failed', 'cancelled')),
  entry_key text not null,
  state text not null,
  primary key (vendor_id, run_id),
  -- Also the way from a client to its runs.
  unique (client_id, journey_id, entry_key, vendor_id),
  foreign key (vendor_id, journey_id, version) references app.journey_version (vendor_id, journey_id, version),
  foreign key (vendor_id, client_id) references app.client (vendor_id, client_id),
  foreign key (vendor_id, wedding_id) references app.wedding (vendor_id, wedding_id)
) with (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1);
create index run_due on app.run (shard, band, due_at) where due_at is not null;
create index run_wedding on app.run (wedding_id) where wedding_id is not null;
-- What has no moment and should not stand still: the watchman looks here each minute, however many wait.
create index run_without_moment on app.run (run_id) where due_at is null and (status = 'active' or inbox > 0);

-- What a run has yet to read, in order of arrival. Emptied by the commit of the turn that read it.
create table app.run_inbox (
  vendor_id uuid not null,
  run_id uuid not null,
  seq bigint generated always as identity,
  event text not null,
  primary key (vendor_id, run_id, seq),
  foreign key (vendor_id, run_id) references app.run (vendor_id, run_id)
);

-- One row for each turn, in the same transaction (I2): what was read, and because of what it went on as it did.
create table app.run_log (
  vendor_id uuid not null,
  run_id uuid not null,
  rev int not null,
  at timestamptz not null,
  event text not null,
  because text not null
) partition by range (at);
create index run_log_run on app.run_log (run_id, rev);
create index run_log_at on app.run_log using brin (at);
create table app.run_log_default partition of app.run_log default;

create table app.event (
  vendor_id uuid not null references app.vendor,
  event_id uuid not null,
  source text not null,
  key text not null,
  type text not null,
  at timestamptz not null,
  client_id uuid,
  wedding_id uuid,
  depth smallint not null,
  data jsonb not null,
  personal bytea,
  -- Which journeys were asked, which matched, which runs started or woke, and why the others did not.
  history jsonb not null,
  primary key (vendor_id, event_id),
  unique (vendor_id, source, key),
  foreign key (vendor_id, client_id) references app.client (vendor_id, client_id)
);
create index event_client on app.event (client_id, at);

create table app.answer (
  vendor_id uuid not null,
  client_id uuid not null,
  form text not null,
  event_id uuid not null,
  sealed bytea not null,
  at timestamptz not null,
  primary key (vendor_id, client_id, form),
  foreign key (vendor_id, client_id) references app.client (vendor_id, client_id)
);

-- An intent to touch the outside world (reliability 1.2). `effect_id` is the first half of `effect_key`, so that
-- the primary key is the uniqueness of the key as well. `due_at` says when somebody must look at the row next:
-- to send it, to find its lease lapsed, or to take the next rung of the ladder of unknown outcomes.
create table app.effect (
  vendor_id uuid not null,
  effect_id uuid not null,
  effect_key bytea not null,
  run_id uuid not null,
  client_id uuid not null,
  name text not null,
  node text not null,
  visit int not null,
  edition int not null,
  recipient text not null,
  kind text not null,
  channel text not null,
  message_class text not null,
  class text not null check (class in ('at_most_once', 'at_least_once')),
  shard smallint not null,
  band smallint not null,
  anchor text,
  generation int not null,
  merged text,
  catch_up boolean not null default false,
  planned_at timestamptz not null,
  deadline timestamptz,
  state text not null check (state in ('planned', 'sending', 'accepted', 'delivered', 'rejected', 'retryable',
                                       'unknown', 'unresolved', 'suppressed', 'cancelled', 'failed')),
  due_at timestamptz,
  -- While it is parked or withdrawn: when it would have been due. Its provider may have said "later".
  resume_at timestamptz,
  attempt int not null default 0,
  fence bigint,
  worker_id uuid,
  send_deadline timestamptz,
  provider text,
  provider_ref text,
  key_expires_at timestamptz,
  resends int not null default 0,
  rung smallint not null default 0,
  cause text,
  settled_at timestamptz,
  primary key (vendor_id, effect_id),
  foreign key (vendor_id, run_id) references app.run (vendor_id, run_id)
) with (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1);
create index effect_due on app.effect (shard, band, due_at) where due_at is not null;
create index effect_run on app.effect (run_id);
create index effect_client on app.effect (client_id, planned_at);
create index effect_worker on app.effect (worker_id) where state = 'sending';
create index effect_without_moment on app.effect (effect_id)
  where due_at is null and state in ('planned', 'sending', 'retryable', 'unknown');

-- The rendered message, frozen before its first attempt and sealed with the client's key.
create table app.effect_content (
  vendor_id uuid not null,
  effect_id uuid not null,
  sealed bytea not null,
  content_hash bytea not null,
  primary key (vendor_id, effect_id),
  foreign key (vendor_id, effect_id) references app.effect (vendor_id, effect_id)
);

create table app.effect_attempt (
  vendor_id uuid not null,
  effect_id uuid not null,
  attempt int not null,
  fence bigint not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  result text,
  detail text
) partition by range (started_at);
create index effect_attempt_effect on app.effect_attempt (effect_id, attempt);
create table app.effect_attempt_default partition of app.effect_attempt default;

create table app.dead_letter (
  vendor_id uuid not null,
  effect_id uuid not null,
  run_id uuid not null,
  kind text not null,
  cause text not null,
  detail text,
  at timestamptz not null,
  requeued_at timestamptz,
  requeued_by text,
  primary key (vendor_id, effect_id),
  foreign key (vendor_id, effect_id) references app.effect (vendor_id, effect_id)
);
create index dead_letter_kind on app.dead_letter (vendor_id, kind, cause) where requeued_at is null;

create table app.task (
  vendor_id uuid not null,
  run_id uuid not null,
  name text not null,
  node text not null,
  visit int not null,
  title text not null,
  role text not null,
  why text not null,
  due_at timestamptz,
  state text not null check (state in ('open', 'done', 'closed')),
  opened_at timestamptz not null,
  done_at timestamptz,
  done_by text,
  primary key (vendor_id, run_id, name),
  foreign key (vendor_id, run_id) references app.run (vendor_id, run_id)
);
create index task_open on app.task (vendor_id, due_at) where state = 'open';

create table app.approval (
  vendor_id uuid not null,
  run_id uuid not null,
  name text not null,
  node text not null,
  visit int not null,
  ask text not null,
  role text not null,
  until_at timestamptz,
  state text not null check (state in ('open', 'approved', 'skipped', 'closed')),
  asked_at timestamptz not null,
  answered_at timestamptz,
  answered_by text,
  primary key (vendor_id, run_id, name),
  foreign key (vendor_id, run_id) references app.run (vendor_id, run_id)
);
create index approval_open on app.approval (vendor_id, until_at) where state = 'open';

-- What must not be silent: skipped, stuck, unresolved, nobody reachable … (Today, alerts).
create table app.notice (
  vendor_id uuid not null,
  notice_id uuid not null,
  run_id uuid,
  node text,
  code text not null,
  facts jsonb not null,
  at timestamptz not null,
  settled_at timestamptz,
  primary key (vendor_id, notice_id)
);
create index notice_open on app.notice (vendor_id, at) where settled_at is null;

-- One message a person has rewritten for one couple; used instead of the template when it is rendered.
create table app.message_edit (
  vendor_id uuid not null,
  run_id uuid not null,
  node text not null,
  visit int not null,
  sealed bytea not null,
  edited_by text not null,
  at timestamptz not null,
  primary key (vendor_id, run_id, node, visit),
  foreign key (vendor_id, run_id) references app.run (vendor_id, run_id)
);

-- Commands and changes of details, with what is needed to take them back within ten minutes.
create table app.command (
  vendor_id uuid not null,
  command_id uuid not null,
  run_id uuid not null,
  at timestamptz not null,
  actor text not null,
  command jsonb not null,
  outcome text not null,
  rev_after int not null,
  before text not null,
  undone_at timestamptz,
  primary key (vendor_id, command_id),
  foreign key (vendor_id, run_id) references app.run (vendor_id, run_id)
);
create index command_run on app.command (run_id, at);

create table app.details_change (
  vendor_id uuid not null,
  change_id uuid not null,
  wedding_id uuid,
  client_id uuid,
  at timestamptz not null,
  actor text not null,
  before jsonb not null,
  after jsonb not null,
  undo_until timestamptz not null,
  undone_at timestamptz,
  primary key (vendor_id, change_id)
);

-- What a publication did to the runs in flight, with what is needed to take it back.
create table app.publication (
  vendor_id uuid not null,
  publication_id uuid not null,
  journey_id uuid not null,
  from_version int,
  to_version int not null,
  plan jsonb not null,
  actor text not null,
  at timestamptz not null,
  rolled_back_at timestamptz,
  primary key (vendor_id, publication_id),
  foreign key (vendor_id, journey_id, to_version) references app.journey_version (vendor_id, journey_id, version)
);
create table app.publication_run (
  vendor_id uuid not null,
  publication_id uuid not null,
  run_id uuid not null,
  rev_after int not null,
  before text not null,
  primary key (vendor_id, publication_id, run_id),
  foreign key (vendor_id, publication_id) references app.publication (vendor_id, publication_id),
  foreign key (vendor_id, run_id) references app.run (vendor_id, run_id)
);

create table app.job (
  vendor_id uuid not null references app.vendor,
  job_id uuid not null,
  kind text not null,
  request jsonb not null,
  state text not null check (state in ('running', 'done', 'failed', 'cancelled')),
  total int not null,
  done int not null default 0,
  failed int not null default 0,
  results jsonb not null default '[]',
  actor text not null,
  at timestamptz not null,
  finished_at timestamptz,
  primary key (vendor_id, job_id)
);

-- The captured mailbox of the embedded set-up: what would have left the house.
create table app.captured_message (
  vendor_id uuid not null references app.vendor,
  effect_id uuid not null,
  attempt int not null,
  channel text not null,
  sealed bytea not null,
  at timestamptz not null,
  primary key (vendor_id, effect_id, attempt)
);
create index captured_at on app.captured_message (vendor_id, at);

create table app.audit (
  vendor_id uuid not null,
  audit_id uuid not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  primary key (vendor_id, audit_id)
);

-- Who works on which shard. A lease without a fence is no lease (I11).
create table app.worker (
  worker_id uuid primary key,
  pid int not null,
  host text not null,
  started_at timestamptz not null,
  leased_until timestamptz not null,
  progress_at timestamptz not null,
  facts jsonb not null default '{}'
);

-- ---------------------------------------------------------------------------------------------------------
-- Who may do what
-- ---------------------------------------------------------------------------------------------------------

grant usage on schema app to wed_app, wed_claim, wed_backup;
grant execute on function app.vendors() to wed_app, wed_claim, wed_backup;
grant usage on sequence app.fence to wed_app;

do $$
declare t record;
begin
  for t in
    select c.oid::regclass as name
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'vendor_id' and not a.attisdropped
     where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
  loop
    execute format('alter table %s enable row level security', t.name);
    execute format('alter table %s force row level security', t.name);
    -- `is true` keeps this from being an index condition: statements name their vendor and id themselves, and a plan
    -- that walks all of a vendor's rows because the policy could is a plan that grows with the book.
    execute format('create policy vendor on %s to wed_app using ((vendor_id = any ((select app.vendors())::uuid[])) is true) with check ((vendor_id = any ((select app.vendors())::uuid[])) is true)', t.name);
    execute format('create policy backup on %s for select to wed_backup using (true)', t.name);
    execute format('grant select on %s to wed_backup', t.name);
    execute format('grant select, insert on %s to wed_app', t.name);
  end loop;
end $$;

-- Rows of a log that came before their quarter was made move into it by the owner's hand, who sees no others.
create policy keep on app.run_log_default to wed_owner using (true);
create policy keep on app.effect_attempt_default to wed_owner using (true);

grant select on app.installation, app.worker to wed_backup;
grant select, insert, update on app.installation to wed_app;
grant select, insert, update, delete on app.worker to wed_app;

-- Updates are granted by column: an id, a vendor or a published version never changes.
grant update (name, type, zone, region, rules, rev, calendar_generation, suspended_at) on app.vendor to wed_app;
grant update (wrapped, sealed_by) on app.wrapped_key to wed_app;
grant update (revoked_at, expires_at, name) on app.api_key to wed_app;
grant update (status, zone, region, guests, anchors, wedding_on, place) on app.wedding to wed_app;
grant update (wedding_id, stage, tags, language, zone, anchors, fields, holds, capped, erased_at) on app.client to wed_app;
grant update (sealed, email_mark, phone_mark, zone, may) on app.person to wed_app;
grant update (role, sealed), delete on app.member to wed_app;
grant update (name, category, status, version, trigger_type, listens_to, draft) on app.journey to wed_app;
grant update (version, band, rev, inbox, due_at, status, state, wedding_id) on app.run to wed_app;
grant delete on app.run_inbox to wed_app;
grant update (sealed, event_id, at) on app.answer to wed_app;
grant update (state, due_at, attempt, fence, worker_id, send_deadline, provider, provider_ref, key_expires_at,
              resume_at, resends, rung, cause, settled_at, band, anchor, generation, planned_at, deadline) on app.effect to wed_app;
grant update (sealed, content_hash), delete on app.effect_content to wed_app;
grant update (ended_at, result, detail) on app.effect_attempt to wed_app;
grant update (requeued_at, requeued_by, cause, detail, at), delete on app.dead_letter to wed_app;
grant update (state, done_at, done_by, due_at, title, why, opened_at) on app.task to wed_app;
grant update (state, answered_at, answered_by, until_at, asked_at) on app.approval to wed_app;
grant update (settled_at) on app.notice to wed_app;
grant update (sealed, edited_by, at), delete on app.message_edit to wed_app;
grant update (undone_at) on app.command, app.details_change to wed_app;
grant update (rolled_back_at) on app.publication to wed_app;
grant update (state, done, failed, results, finished_at) on app.job to wed_app;
grant delete on app.captured_message to wed_app;

-- The claim sees ids of all vendors and nothing else; the work then runs with exactly those vendors set.
create policy claim on app.run for select to wed_claim using (true);
create policy claim on app.effect for select to wed_claim using (true);
create policy claim on app.api_key for select to wed_claim using (true);
create policy claim on app.vendor for select to wed_claim using (true);
create policy claim on app.wrapped_key for select to wed_claim using (true);
grant select (vendor_id, subject_id, sealed_by) on app.wrapped_key to wed_claim;
grant select (vendor_id, name, created_at) on app.vendor to wed_claim;
grant select (vendor_id, run_id, shard, band, due_at) on app.run to wed_claim;
grant select (vendor_id, effect_id, shard, band, due_at, worker_id, state) on app.effect to wed_claim;
grant select on app.worker to wed_claim;
grant select (vendor_id, api_key_id, hash, scopes, expires_at, revoked_at) on app.api_key to wed_claim;

-- What is due for these pairs of shard and band, at most `per` rows of each, and for each pair the next moment at
-- which more falls due: claim and look-ahead in one. One small ordered scan per pair: waiting rows are never walked.
-- In plpgsql, whose plans are kept; a function in plain SQL would be planned at each call.
-- `passed` vendors are passed over, no deeper than `depth` rows, so that a flood of one does not hide the others.
create function app.claim_runs(shards smallint[], bands smallint[], at timestamptz, per int, passed uuid[], depth int)
returns table (shard smallint, band smallint, due_at timestamptz, vendor_id uuid, run_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, app as $$
#variable_conflict use_column
begin
  return query
  select p.shard, p.band, r.due_at, r.vendor_id, r.run_id
    from unnest(shards, bands) as p(shard, band)
   cross join lateral (
     (select due.due_at, due.vendor_id, due.run_id
        from (select run.due_at, run.vendor_id, run.run_id
                from app.run
               where run.shard = p.shard and run.band = p.band and run.due_at <= at
               order by run.due_at
               limit depth) due
       where due.vendor_id <> all (passed)
       limit per)
     union all
     (select run.due_at, null, null
        from app.run
       where run.shard = p.shard and run.band = p.band and run.due_at > at
       order by run.due_at
       limit 1)) r;
end
$$;

create function app.claim_effects(shards smallint[], bands smallint[], at timestamptz, per int, passed uuid[], depth int)
returns table (shard smallint, band smallint, due_at timestamptz, vendor_id uuid, effect_id uuid)
language plpgsql stable security definer set search_path = pg_catalog, app as $$
#variable_conflict use_column
begin
  return query
  select p.shard, p.band, e.due_at, e.vendor_id, e.effect_id
    from unnest(shards, bands) as p(shard, band)
   cross join lateral (
     (select due.due_at, due.vendor_id, due.effect_id
        from (select effect.due_at, effect.vendor_id, effect.effect_id
                from app.effect
               where effect.shard = p.shard and effect.band = p.band and effect.due_at <= at
               order by effect.due_at
               limit depth) due
       where due.vendor_id <> all (passed)
       limit per)
     union all
     (select effect.due_at, null, null
        from app.effect
       where effect.shard = p.shard and effect.band = p.band and effect.due_at > at
       order by effect.due_at
       limit 1)) e;
end
$$;

-- How many rows of these bands are due before a moment, counted no further than asked: a position in the queue.
create function app.due_before(of text, bands smallint[], moment timestamptz, at_most int)
returns int
language sql stable security definer set search_path = pg_catalog, app as $$
  select count(*)::int
    from (select from generate_series(0, 63) as s(shard)
           cross join unnest(bands) as b(band)
           cross join lateral (
             (select from app.run where of = 'runs' and run.shard = s.shard and run.band = b.band and run.due_at < moment limit at_most)
             union all
             (select from app.effect where of = 'effects' and effect.shard = s.shard and effect.band = b.band and effect.due_at < moment limit at_most)) due
           limit at_most) counted
$$;

-- When the next row of these shards falls due: how long the tick may sleep.
create function app.next_due(shards smallint[])
returns timestamptz
language sql stable security definer set search_path = pg_catalog, app as $$
  select min(least(r.due_at, e.due_at))
    from unnest(shards) as s(shard)
   cross join generate_series(0, 3) as b(band)
    left join lateral (select due_at from app.run where run.shard = s.shard and run.band = b.band and due_at is not null order by due_at limit 1) r on true
    left join lateral (select due_at from app.effect where effect.shard = s.shard and effect.band = b.band and due_at is not null order by due_at limit 1) e on true
$$;

-- What dead workers were sending: nobody knows whether it arrived (I10).
create function app.orphaned_effects(at timestamptz, wanted int)
returns table (vendor_id uuid, effect_id uuid)
language sql stable security definer set search_path = pg_catalog, app as $$
  select e.vendor_id, e.effect_id
    from app.effect e
   where e.state = 'sending' and e.worker_id is not null
     and not exists (select from app.worker w where w.worker_id = e.worker_id and w.leased_until > at)
   limit wanted
$$;

create function app.all_vendors()
returns table (vendor_id uuid, name text)
language sql stable security definer set search_path = pg_catalog, app as $$
  select v.vendor_id, v.name from app.vendor v order by v.created_at, v.vendor_id
$$;

create function app.vendors_not_sealed_by(master text, wanted int)
returns table (vendor_id uuid)
language sql stable security definer set search_path = pg_catalog, app as $$
  select k.vendor_id from app.wrapped_key k
   where k.subject_id = k.vendor_id and k.sealed_by <> master order by k.vendor_id limit wanted
$$;

create function app.vendor_of_key(hash bytea, at timestamptz)
returns table (vendor_id uuid, api_key_id uuid, scopes text[])
language sql stable security definer set search_path = pg_catalog, app as $$
  select k.vendor_id, k.api_key_id, k.scopes
    from app.api_key k
   where k.hash = vendor_of_key.hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > at)
$$;

-- A function's new owner must be allowed to create in its schema, for this moment only.
grant create on schema app to wed_claim;
alter function app.claim_runs(smallint[], smallint[], timestamptz, int, uuid[], int) owner to wed_claim;
alter function app.claim_effects(smallint[], smallint[], timestamptz, int, uuid[], int) owner to wed_claim;
alter function app.due_before(text, smallint[], timestamptz, int) owner to wed_claim;
alter function app.next_due(smallint[]) owner to wed_claim;
alter function app.orphaned_effects(timestamptz, int) owner to wed_claim;
alter function app.all_vendors() owner to wed_claim;
alter function app.vendors_not_sealed_by(text, int) owner to wed_claim;
alter function app.vendor_of_key(bytea, timestamptz) owner to wed_claim;
revoke create on schema app from wed_claim;
revoke all on function app.claim_runs(smallint[], smallint[], timestamptz, int, uuid[], int) from public;
revoke all on function app.claim_effects(smallint[], smallint[], timestamptz, int, uuid[], int) from public;
revoke all on function app.due_before(text, smallint[], timestamptz, int) from public;
revoke all on function app.next_due(smallint[]) from public;
revoke all on function app.orphaned_effects(timestamptz, int) from public;
revoke all on function app.all_vendors() from public;
revoke all on function app.vendors_not_sealed_by(text, int) from public;
revoke all on function app.vendor_of_key(bytea, timestamptz) from public;
grant execute on function app.claim_runs(smallint[], smallint[], timestamptz, int, uuid[], int) to wed_app;
grant execute on function app.claim_effects(smallint[], smallint[], timestamptz, int, uuid[], int) to wed_app;
grant execute on function app.due_before(text, smallint[], timestamptz, int) to wed_app;
grant execute on function app.next_due(smallint[]) to wed_app;
grant execute on function app.orphaned_effects(timestamptz, int) to wed_app;
grant execute on function app.all_vendors() to wed_app;
grant execute on function app.vendors_not_sealed_by(text, int) to wed_app;
grant execute on function app.vendor_of_key(bytea, timestamptz) to wed_app;
