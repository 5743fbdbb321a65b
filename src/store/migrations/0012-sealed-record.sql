-- The record of changes is sealed in batches, each over the one before, so that whoever alters it later is found out.

-- A batch of rows of one vendor's audit: which, and what each of them was.
create table app.audit_seal (
  vendor_id uuid not null references app.vendor,
  place int not null check (place > 0),
  sealed_at timestamptz not null,
  -- Of what is older by an hour than this, nothing is missing in this seal and those before it.
  until_at timestamptz not null,
  size int not null check (size > 0),
  -- For each row its id and its digest, 48 bytes, in order; null once their time was over and they were let go of.
  rows bytea,
  rows_hash bytea not null,
  before bytea not null,
  hash bytea not null,
  let_go_at timestamptz,
  primary key (vendor_id, place)
);
create index audit_seal_until on app.audit_seal (vendor_id, until_at);
alter table app.audit_seal enable row level security;
alter table app.audit_seal force row level security;
create policy vendor on app.audit_seal to wed_app using ((vendor_id = any ((select app.vendors())::uuid[])) is true) with check ((vendor_id = any ((select app.vendors())::uuid[])) is true);
create policy backup on app.audit_seal for select to wed_backup using (true);
create policy erase on app.audit_seal to wed_eraser using (app.is_sample(vendor_id));
grant select on app.audit_seal to wed_backup;
grant select, delete on app.audit_seal to wed_eraser;
-- Like the record itself: written once, and changed by nobody who serves.
grant select, insert on app.audit_seal to wed_app;

create function app.audit_digest(vendor uuid, id uuid, at timestamptz, actor text, action text, subject text, detail jsonb) returns bytea
language sql stable parallel safe as $$
  select sha256(convert_to(jsonb_build_array(vendor, id, (extract(epoch from at) * 1000000)::bigint, actor, action, subject, detail)::text, 'UTF8'))
$$;

create function app.seal_hash(vendor uuid, place int, before bytea, rows_hash bytea, size int, until_at timestamptz, sealed_at timestamptz) returns bytea
language sql stable parallel safe as $$
  select sha256(convert_to(jsonb_build_array(vendor, place, encode(before, 'hex'), encode(rows_hash, 'hex'), size,
    (extract(epoch from until_at) * 1000000)::bigint, (extract(epoch from sealed_at) * 1000000)::bigint)::text, 'UTF8'))
$$;

-- What lies in a table of its own for its size is fetched once, and not for each of its parts.
create function app.sealed_rows(rows bytea) returns table (audit_id uuid, digest bytea)
language sql immutable parallel safe as $$
  select encode(substring(here.whole from nth * 48 + 1 for 16), 'hex')::uuid, substring(here.whole from nth * 48 + 17 for 32)
    from (select rows || ''::bytea as whole offset 0) here
   cross join lateral generate_series(0, octet_length(here.whole) / 48 - 1) as nth
$$;
