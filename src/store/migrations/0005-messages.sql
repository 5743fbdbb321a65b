-- How a business looks in what it sends, by which ways its messages leave, and who does not want to hear what.

-- Public or harmless, and wanted with every message, so they lie with the vendor's other settings. No secret is in them.
alter table app.vendor
  add column brand jsonb not null default '{}',
  add column channels jsonb not null default '{}';
grant update (brand, channels) on app.vendor to wed_app;

-- A logo stands in letters that were sent: it is named by its bytes and never changed.
create table app.brand_logo (
  vendor_id uuid not null references app.vendor,
  hash bytea not null,
  type text not null check (type in ('png', 'jpeg')),
  bytes bytea not null check (length(bytes) between 1 and 100000),
  at timestamptz not null,
  primary key (vendor_id, hash)
);

-- The keys by which a business speaks to its provider, sealed.
create table app.channel_secret (
  vendor_id uuid not null references app.vendor,
  channel text not null check (channel in ('email', 'sms')),
  sealed bytea not null,
  at timestamptz not null,
  primary key (vendor_id, channel)
);

-- Every yes and no to being written to, by whom and by which way. `app.suppression` is what it comes to.
-- It was kept by person and never used; by mark it outlives an erasure, as the suppression does.
drop table app.consent;
create table app.consent (
  vendor_id uuid not null references app.vendor,
  consent_id uuid not null,
  mark bytea not null,
  channel text not null check (channel in ('email', 'sms')),
  class text not null check (class in ('transactional', 'relationship', 'marketing')),
  given boolean not null,
  reason text not null,
  actor text not null,
  at timestamptz not null,
  primary key (vendor_id, consent_id)
);
create index consent_of on app.consent (vendor_id, mark, at);
grant delete on app.suppression to wed_app;
create index suppression_at on app.suppression (vendor_id, at desc, mark);
create index person_phone on app.person (vendor_id, phone_mark) where phone_mark is not null;

do $$
declare t text;
begin
  foreach t in array array['app.brand_logo', 'app.channel_secret', 'app.consent']
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy vendor on %s to wed_app using ((vendor_id = any ((select app.vendors())::uuid[])) is true) with check ((vendor_id = any ((select app.vendors())::uuid[])) is true)', t);
    execute format('create policy backup on %s for select to wed_backup using (true)', t);
    execute format('grant select on %s to wed_backup', t);
    execute format('grant select, insert on %s to wed_app', t);
  end loop;
end $$;
grant update (sealed, at), delete on app.channel_secret to wed_app;
