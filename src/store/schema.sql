-- schemas

create schema accounts authorization wed_owner;
grant usage on schema accounts to wed_accounts;
grant usage on schema accounts to wed_backup;
create schema app authorization wed_owner;
grant usage on schema app to wed_app;
grant usage on schema app to wed_backup;
grant usage on schema app to wed_claim;
grant usage on schema app to wed_eraser;
grant usage on schema app to wed_remover;


-- sequences

create sequence app.fence as bigint increment 1 minvalue 1 maxvalue 9223372036854775807 start 1 cache 1;
grant usage on sequence app.fence to wed_app;


-- functions

CREATE OR REPLACE FUNCTION app.all_vendors()
 RETURNS TABLE(vendor_id uuid, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select v.vendor_id, v.name from app.vendor v order by v.created_at, v.vendor_id
$function$;
alter function app.all_vendors() owner to wed_claim;
grant execute on function app.all_vendors() to wed_app;

CREATE OR REPLACE FUNCTION app.audit_digest(vendor uuid, id uuid, at timestamp with time zone, actor text, action text, subject text, detail jsonb)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select sha256(convert_to(jsonb_build_array(vendor, id, (extract(epoch from at) * 1000000)::bigint, actor, action, subject, detail)::text, 'UTF8'))
$function$;
alter function app.audit_digest(uuid,uuid,timestamp with time zone,text,text,text,jsonb) owner to wed_owner;
grant execute on function app.audit_digest(uuid,uuid,timestamp with time zone,text,text,text,jsonb) to public;

CREATE OR REPLACE FUNCTION app.claim_effects(shards smallint[], bands smallint[], at timestamp with time zone, ahead timestamp with time zone, per integer, passed uuid[], depth integer)
 RETURNS TABLE(shard smallint, band smallint, due_at timestamp with time zone, vendor_id uuid, effect_id uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
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
       where effect.shard = p.shard and effect.band = p.band and effect.due_at > at and effect.due_at <= ahead
       order by effect.due_at
       limit 1)) e;
end
$function$;
alter function app.claim_effects(smallint[],smallint[],timestamp with time zone,timestamp with time zone,integer,uuid[],integer) owner to wed_claim;
grant execute on function app.claim_effects(smallint[],smallint[],timestamp with time zone,timestamp with time zone,integer,uuid[],integer) to wed_app;

CREATE OR REPLACE FUNCTION app.claim_runs(shards smallint[], bands smallint[], at timestamp with time zone, ahead timestamp with time zone, per integer, passed uuid[], depth integer)
 RETURNS TABLE(shard smallint, band smallint, due_at timestamp with time zone, vendor_id uuid, run_id uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
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
       where run.shard = p.shard and run.band = p.band and run.due_at > at and run.due_at <= ahead
       order by run.due_at
       limit 1)) r;
end
$function$;
alter function app.claim_runs(smallint[],smallint[],timestamp with time zone,timestamp with time zone,integer,uuid[],integer) owner to wed_claim;
grant execute on function app.claim_runs(smallint[],smallint[],timestamp with time zone,timestamp with time zone,integer,uuid[],integer) to wed_app;

CREATE OR REPLACE FUNCTION app.doubts()
 RETURNS TABLE(how text, effects integer, resends integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select case when e.doubt <> 'open' then e.doubt
              when e.state = 'unresolved' then 'unresolved'
              when e.state in ('cancelled', 'suppressed') then 'withdrawn'
              else 'open' end,
         count(*)::int, sum(e.resends)::int
    from app.effect e where e.doubt is not null group by 1
$function$;
alter function app.doubts() owner to wed_claim;
grant execute on function app.doubts() to wed_app;

CREATE OR REPLACE FUNCTION app.due_before(of text, bands smallint[], moment timestamp with time zone, at_most integer)
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select count(*)::int
    from (select from generate_series(0, 63) as s(shard)
           cross join unnest(bands) as b(band)
           cross join lateral (
             (select from app.run where of = 'runs' and run.shard = s.shard and run.band = b.band and run.due_at < moment limit at_most)
             union all
             (select from app.effect where of = 'effects' and effect.shard = s.shard and effect.band = b.band and effect.due_at < moment limit at_most)) due
           limit at_most) counted
$function$;
alter function app.due_before(text,smallint[],timestamp with time zone,integer) owner to wed_claim;
grant execute on function app.due_before(text,smallint[],timestamp with time zone,integer) to wed_app;

CREATE OR REPLACE FUNCTION app.erase_sample(vendor uuid, from_step integer, at_most integer)
 RETURNS TABLE(next_step integer, gone integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
declare t record; removed int; target text;
begin
  if not app.is_sample(vendor) then
    raise exception 'only a sample studio is removed' using errcode = '42501';
  end if;
  if exists (select from app.vendor v where v.vendor_id = vendor and v.suspended_at is null) then
    raise exception 'a sample studio is closed before it is removed' using errcode = '55000';
  end if;
  for t in select o.step, o.name from app.erasure_order() o where o.step >= from_step order by o.step loop
    target := app.erasure_where(t.name);
    execute format('delete from %1$s where vendor_id = $1 and ctid = any (array(select ctid from %1$s where %2$s limit $2))', t.name, target)
      using vendor, at_most;
    get diagnostics removed = row_count;
    if removed > 0 then
      return query select case when t.name = 'app.vendor' then null::int else t.step end, removed;
      return;
    end if;
  end loop;
  return query select null::int, 0;
end $function$;
alter function app.erase_sample(uuid,integer,integer) owner to wed_eraser;
grant execute on function app.erase_sample(uuid,integer,integer) to wed_app;

CREATE OR REPLACE FUNCTION app.erasure_order()
 RETURNS TABLE(step integer, name text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  with recursive ours as (
    select c.oid, c.relname from pg_class c
     where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'vendor_id' and not a.attisdropped)),
  links as (
    select distinct k.conrelid as child, k.confrelid as parent from pg_constraint k
     where k.contype = 'f' and k.conrelid <> k.confrelid
       and k.conrelid in (select oid from ours) and k.confrelid in (select oid from ours)),
  depths as (
    select oid, 0 as depth from ours
     union
    select l.child, d.depth + 1 from depths d join links l on l.parent = d.oid where d.depth < 50)
  select row_number() over (
           order by o.relname = 'vendor', o.relname = 'wrapped_key',
                    exists (select from links l where l.child = o.oid),
                    (select max(d.depth) from depths d where d.oid = o.oid) desc, o.relname)::int,
         format('app.%I', o.relname)
    from ours o
$function$;
alter function app.erasure_order() owner to wed_owner;
grant execute on function app.erasure_order() to public;

CREATE OR REPLACE FUNCTION app.erasure_where(name text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select 'vendor_id = $1' || case when name = 'app.effect_attempt'
    then ' and effect_id = any (array(select e.effect_id from app.effect e where e.vendor_id = $1))' else '' end
$function$;
alter function app.erasure_where(text) owner to wed_owner;
grant execute on function app.erasure_where(text) to public;

CREATE OR REPLACE FUNCTION app.invitation_of_link(hash bytea, at timestamp with time zone)
 RETURNS TABLE(vendor_id uuid, invitation_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select i.vendor_id, i.invitation_id from app.invitation i
   where i.hash = invitation_of_link.hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > at
$function$;
alter function app.invitation_of_link(bytea,timestamp with time zone) owner to wed_claim;
grant execute on function app.invitation_of_link(bytea,timestamp with time zone) to wed_app;

CREATE OR REPLACE FUNCTION app.is_sample(vendor uuid)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select substr(vendor::text, 15, 1) = '8' $function$;
alter function app.is_sample(uuid) owner to wed_owner;
grant execute on function app.is_sample(uuid) to public;

CREATE OR REPLACE FUNCTION app.memberships_of(login uuid)
 RETURNS TABLE(vendor_id uuid, name text, member_id uuid, role text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select m.vendor_id, v.name, m.member_id, m.role
    from app.member m join app.vendor v on v.vendor_id = m.vendor_id
   where m.login_id = login and v.suspended_at is null order by v.created_at, v.vendor_id
$function$;
alter function app.memberships_of(uuid) owner to wed_claim;
grant execute on function app.memberships_of(uuid) to wed_app;

CREATE OR REPLACE FUNCTION app.next_due(shards smallint[])
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select min(least(r.due_at, e.due_at))
    from unnest(shards) as s(shard)
   cross join generate_series(0, 3) as b(band)
    left join lateral (select due_at from app.run where run.shard = s.shard and run.band = b.band and due_at is not null order by due_at limit 1) r on true
    left join lateral (select due_at from app.effect where effect.shard = s.shard and effect.band = b.band and due_at is not null order by due_at limit 1) e on true
$function$;
alter function app.next_due(smallint[]) owner to wed_claim;
grant execute on function app.next_due(smallint[]) to wed_app;

CREATE OR REPLACE FUNCTION app.orphaned_effects(at timestamp with time zone, wanted integer)
 RETURNS TABLE(vendor_id uuid, effect_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select e.vendor_id, e.effect_id
    from app.effect e
   where e.state = 'sending' and e.worker_id is not null
     and not exists (select from app.worker w where w.worker_id = e.worker_id and w.leased_until > at)
   limit wanted
$function$;
alter function app.orphaned_effects(timestamp with time zone,integer) owner to wed_claim;
grant execute on function app.orphaned_effects(timestamp with time zone,integer) to wed_app;

CREATE OR REPLACE FUNCTION app.sample_rows(vendor uuid)
 RETURNS integer
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
declare t record; rows int; found int := 0;
begin
  for t in select o.name from app.erasure_order() o loop
    execute format('select count(*)::int from %s where %s', t.name, app.erasure_where(t.name)) into rows using vendor;
    found := found + rows;
  end loop;
  return found;
end $function$;
alter function app.sample_rows(uuid) owner to wed_eraser;
grant execute on function app.sample_rows(uuid) to wed_app;

CREATE OR REPLACE FUNCTION app.samples_begun_by(login uuid)
 RETURNS TABLE(vendor_id uuid, name text, member_id uuid, role text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select m.vendor_id, v.name, m.member_id, m.role
    from app.member m join app.vendor v on v.vendor_id = m.vendor_id
   where m.login_id = login and v.suspended_at is not null and app.is_sample(m.vendor_id)
   order by v.created_at, v.vendor_id
$function$;
alter function app.samples_begun_by(uuid) owner to wed_claim;
grant execute on function app.samples_begun_by(uuid) to wed_app;

CREATE OR REPLACE FUNCTION app.seal_hash(vendor uuid, place integer, before bytea, rows_hash bytea, size integer, until_at timestamp with time zone, sealed_at timestamp with time zone)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select sha256(convert_to(jsonb_build_array(vendor, place, encode(before, 'hex'), encode(rows_hash, 'hex'), size,
    (extract(epoch from until_at) * 1000000)::bigint, (extract(epoch from sealed_at) * 1000000)::bigint)::text, 'UTF8'))
$function$;
alter function app.seal_hash(uuid,integer,bytea,bytea,integer,timestamp with time zone,timestamp with time zone) owner to wed_owner;
grant execute on function app.seal_hash(uuid,integer,bytea,bytea,integer,timestamp with time zone,timestamp with time zone) to public;

CREATE OR REPLACE FUNCTION app.sealed_rows(rows bytea)
 RETURNS TABLE(audit_id uuid, digest bytea)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select encode(substring(here.whole from nth * 48 + 1 for 16), 'hex')::uuid, substring(here.whole from nth * 48 + 17 for 32)
    from (select rows || ''::bytea as whole offset 0) here
   cross join lateral generate_series(0, octet_length(here.whole) / 48 - 1) as nth
$function$;
alter function app.sealed_rows(bytea) owner to wed_owner;
grant execute on function app.sealed_rows(bytea) to public;

CREATE OR REPLACE FUNCTION app.take_back_couples(vendor uuid, couples uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
declare
  runs uuid[]; effects uuid[]; weddings uuid[]; subjects uuid[]; gone int;
begin
  if exists (select from app.effect e where e.vendor_id = vendor and e.client_id = any (couples) and e.attempt > 0) then
    raise exception 'something has gone to one of these couples' using errcode = '55000';
  end if;
  runs := array(select r.run_id from app.run r where r.vendor_id = vendor and r.client_id = any (couples));
  effects := array(select e.effect_id from app.effect e where e.vendor_id = vendor and e.client_id = any (couples));
  weddings := array(select distinct c.wedding_id from app.client c
                     where c.vendor_id = vendor and c.client_id = any (couples) and c.wedding_id is not null);
  subjects := couples || array(select p.person_id from app.person p where p.vendor_id = vendor and p.client_id = any (couples));
  delete from app.dead_letter where vendor_id = vendor and effect_id = any (effects);
  delete from app.effect_content where vendor_id = vendor and effect_id = any (effects);
  delete from app.effect_attempt where vendor_id = vendor and effect_id = any (effects);
  delete from app.effect where vendor_id = vendor and effect_id = any (effects);
  delete from app.approval where vendor_id = vendor and run_id = any (runs);
  delete from app.task where vendor_id = vendor and run_id = any (runs);
  delete from app.command where vendor_id = vendor and run_id = any (runs);
  delete from app.form_sending where vendor_id = vendor and client_id = any (couples);
  delete from app.message_edit where vendor_id = vendor and run_id = any (runs);
  delete from app.publication_run where vendor_id = vendor and run_id = any (runs);
  delete from app.run_inbox where vendor_id = vendor and run_id = any (runs);
  delete from app.run_log where vendor_id = vendor and run_id = any (runs);
  delete from app.notice where vendor_id = vendor and run_id = any (runs);
  delete from app.run where vendor_id = vendor and run_id = any (runs);
  delete from app.answer where vendor_id = vendor and client_id = any (couples);
  -- With them goes the key by which the import knew its line: it may come in again.
  delete from app.event where vendor_id = vendor and client_id = any (couples);
  delete from app.person where vendor_id = vendor and client_id = any (couples);
  delete from app.details_change where vendor_id = vendor and (client_id = any (couples) or wedding_id = any (weddings));
  delete from app.client where vendor_id = vendor and client_id = any (couples);
  get diagnostics gone = row_count;
  delete from app.wedding w where w.vendor_id = vendor and w.wedding_id = any (weddings)
     and not exists (select from app.client c where c.vendor_id = vendor and c.wedding_id = w.wedding_id);
  delete from app.wrapped_key where vendor_id = vendor and subject_id = any (subjects);
  return gone;
end $function$;
alter function app.take_back_couples(uuid,uuid[]) owner to wed_remover;
grant execute on function app.take_back_couples(uuid,uuid[]) to wed_app;

CREATE OR REPLACE FUNCTION app.take_back_person(vendor uuid, client uuid, person text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
declare
  subject uuid;
begin
  if exists (select from app.effect e
              where e.vendor_id = vendor and e.client_id = client and e.recipient = person and e.attempt > 0) then
    raise exception 'something has gone to this person' using errcode = '55000';
  end if;
  delete from app.person p where p.vendor_id = vendor and p.client_id = client and p.ref = person
  returning p.person_id into subject;
  if subject is null then
    return 0;
  end if;
  delete from app.wrapped_key where vendor_id = vendor and subject_id = subject;
  return 1;
end $function$;
alter function app.take_back_person(uuid,uuid,text) owner to wed_remover;
grant execute on function app.take_back_person(uuid,uuid,text) to wed_app;

CREATE OR REPLACE FUNCTION app.vendor_of_key(hash bytea, at timestamp with time zone)
 RETURNS TABLE(vendor_id uuid, api_key_id uuid, scopes text[], networks text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select k.vendor_id, k.api_key_id, k.scopes, k.networks
    from app.api_key k
   where k.hash = vendor_of_key.hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > at)
$function$;
alter function app.vendor_of_key(bytea,timestamp with time zone) owner to wed_claim;
grant execute on function app.vendor_of_key(bytea,timestamp with time zone) to wed_app;

CREATE OR REPLACE FUNCTION app.vendors()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(nullif(current_setting('app.vendor_ids', true), '')::uuid[], '{}') $function$;
alter function app.vendors() owner to wed_owner;
grant execute on function app.vendors() to public;
grant execute on function app.vendors() to wed_app;
grant execute on function app.vendors() to wed_backup;
grant execute on function app.vendors() to wed_claim;
grant execute on function app.vendors() to wed_remover;

CREATE OR REPLACE FUNCTION app.vendors_not_sealed_by(master text, wanted integer)
 RETURNS TABLE(vendor_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'app'
AS $function$
  select k.vendor_id from app.wrapped_key k
   where k.subject_id = k.vendor_id and k.sealed_by <> master order by k.vendor_id limit wanted
$function$;
alter function app.vendors_not_sealed_by(text,integer) owner to wed_claim;
grant execute on function app.vendors_not_sealed_by(text,integer) to wed_app;

CREATE OR REPLACE FUNCTION app.was_written_since(writer xid, since pg_snapshot, low bigint, top bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select case when (writer::text::bigint - low + 4294967296) % 4294967296 >= 2147483648 then false
    else not pg_visible_in_snapshot(
      (top - top % 4294967296 + writer::text::bigint
        - case when writer::text::bigint >= top % 4294967296 then 4294967296 else 0 end)::text::xid8, since) end
$function$;
alter function app.was_written_since(xid,pg_snapshot,bigint,bigint) owner to wed_owner;
grant execute on function app.was_written_since(xid,pg_snapshot,bigint,bigint) to public;
grant execute on function app.was_written_since(xid,pg_snapshot,bigint,bigint) to wed_app;


-- tables

create table accounts.audit (
  audit_id uuid not null,
  login_id uuid,
  at timestamp with time zone not null,
  action text not null,
  detail jsonb not null,
  constraint audit_pkey PRIMARY KEY (audit_id)
);
alter table accounts.audit owner to wed_owner;
CREATE INDEX audit_login ON accounts.audit USING btree (login_id, at);
alter table accounts.audit enable row level security;
alter table accounts.audit force row level security;
create policy accounts on accounts.audit for all to wed_accounts
  using (true)
  with check (true);
create policy backup on accounts.audit for select to wed_backup
  using (true);
grant insert, select on table accounts.audit to wed_accounts;
grant select on table accounts.audit to wed_backup;

create table accounts.credential (
  id uuid not null,
  login_id uuid not null,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint credential_pkey PRIMARY KEY (id),
  constraint credential_login_id_fkey FOREIGN KEY (login_id) REFERENCES accounts.login(id) ON DELETE CASCADE
);
alter table accounts.credential owner to wed_owner;
CREATE INDEX credential_login ON accounts.credential USING btree (login_id);
alter table accounts.credential enable row level security;
alter table accounts.credential force row level security;
create policy accounts on accounts.credential for all to wed_accounts
  using (true)
  with check (true);
create policy backup on accounts.credential for select to wed_backup
  using (true);
grant delete, insert, select on table accounts.credential to wed_accounts;
grant select on table accounts.credential to wed_backup;
grant update (password, updated_at) on table accounts.credential to wed_accounts;

create table accounts.letter (
  letter_id uuid not null,
  sealed bytea not null,
  state text not null,
  attempts smallint default 0 not null,
  at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint letter_pkey PRIMARY KEY (letter_id),
  constraint letter_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'sent'::text, 'captured'::text, 'failed'::text])))
);
alter table accounts.letter owner to wed_owner;
CREATE INDEX letter_planned ON accounts.letter USING btree (at) WHERE (state = 'planned'::text);
alter table accounts.letter enable row level security;
alter table accounts.letter force row level security;
create policy accounts on accounts.letter for all to wed_accounts
  using (true)
  with check (true);
create policy backup on accounts.letter for select to wed_backup
  using (true);
grant delete, insert, select on table accounts.letter to wed_accounts;
grant select on table accounts.letter to wed_backup;
grant update (sealed, state, attempts) on table accounts.letter to wed_accounts;

create table accounts.login (
  id uuid not null,
  name text not null,
  email text not null,
  email_verified boolean default false not null,
  image text,
  two_factor_enabled boolean default false,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint login_pkey PRIMARY KEY (id),
  constraint login_email_key UNIQUE (email),
  constraint login_email_check CHECK ((email = lower(email))),
  constraint login_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
alter table accounts.login owner to wed_owner;
alter table accounts.login enable row level security;
alter table accounts.login force row level security;
create policy accounts on accounts.login for all to wed_accounts
  using (true)
  with check (true);
create policy backup on accounts.login for select to wed_backup
  using (true);
grant insert, select on table accounts.login to wed_accounts;
grant select on table accounts.login to wed_backup;
grant update (name, email, email_verified, two_factor_enabled, updated_at) on table accounts.login to wed_accounts;

create table accounts.opening (
  hash bytea not null,
  vendor_id_to_be uuid not null,
  member_id_to_be uuid not null,
  email text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint opening_pkey PRIMARY KEY (hash)
);
alter table accounts.opening owner to wed_owner;
alter table accounts.opening enable row level security;
alter table accounts.opening force row level security;
create policy accounts on accounts.opening for all to wed_accounts
  using (true)
  with check (true);
create policy backup on accounts.opening for select to wed_backup
  using (true);
grant delete, insert, select on table accounts.opening to wed_accounts;
grant select on table accounts.opening to wed_backup;
grant update (email, used_at) on table accounts.opening to wed_accounts;

create table accounts.second_factor (
  id uuid not null,
  login_id uuid not null,
  secret text not null,
  backup_codes text not null,
  verified boolean,
  failed_verification_count integer,
  locked_until timestamp with time zone,
  constraint second_factor_pkey PRIMARY KEY (id),
  constraint second_factor_login_id_key UNIQUE (login_id),
  constraint second_factor_login_id_fkey FOREIGN KEY (login_id) REFERENCES accounts.login(id) ON DELETE CASCADE
);
alter table accounts.second_factor owner to wed_owner;
alter table accounts.second_factor enable row level security;
alter table accounts.second_factor force row level security;
create policy accounts on accounts.second_factor for all to wed_accounts
  using (true)
  with check (true);
create policy backup on accounts.second_factor for select to wed_backup
  using (true);
grant delete, insert, select on table accounts.second_factor to wed_accounts;
grant select on table accounts.second_factor to wed_backup;
grant update (secret, backup_codes, verified, failed_verification_count, locked_until) on table accounts.second_factor to wed_accounts;

create table accounts.session (
  id uuid not null,
  login_id uuid not null,
  token text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_token_key UNIQUE (token),
  constraint session_login_id_fkey FOREIGN KEY (login_id) REFERENCES accounts.login(id) ON DELETE CASCADE
);
alter table accounts.session owner to wed_owner;
CREATE INDEX session_login ON accounts.session USING btree (login_id);
alter table accounts.session enable row level security;
alter table accounts.session force row level security;
create policy accounts on accounts.session for all to wed_accounts
  using (true)
  with check (true);
create policy backup on accounts.session for select to wed_backup
  using (true);
grant delete, insert, select on table accounts.session to wed_accounts;
grant select on table accounts.session to wed_backup;
grant update (token, expires_at, ip_address, user_agent, updated_at) on table accounts.session to wed_accounts;

create table accounts.verification (
  id uuid not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint verification_pkey PRIMARY KEY (id)
);
alter table accounts.verification owner to wed_owner;
CREATE INDEX verification_identifier ON accounts.verification USING btree (identifier);
alter table accounts.verification enable row level security;
alter table accounts.verification force row level security;
create policy accounts on accounts.verification for all to wed_accounts
  using (true)
  with check (true);
create policy backup on accounts.verification for select to wed_backup
  using (true);
grant delete, insert, select on table accounts.verification to wed_accounts;
grant select on table accounts.verification to wed_backup;
grant update (value, expires_at, updated_at) on table accounts.verification to wed_accounts;

create table app.answer (
  vendor_id uuid not null,
  client_id uuid not null,
  form text not null,
  event_id uuid not null,
  sealed bytea not null,
  at timestamp with time zone not null,
  constraint answer_pkey PRIMARY KEY (vendor_id, client_id, form),
  constraint answer_vendor_id_client_id_fkey FOREIGN KEY (vendor_id, client_id) REFERENCES app.client(vendor_id, client_id)
);
alter table app.answer owner to wed_owner;
CREATE INDEX answer_form ON app.answer USING btree (vendor_id, form, at DESC);
alter table app.answer enable row level security;
alter table app.answer force row level security;
create policy backup on app.answer for select to wed_backup
  using (true);
create policy erase on app.answer for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.answer for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.answer for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.answer to wed_app;
grant select on table app.answer to wed_backup;
grant delete, select on table app.answer to wed_eraser;
grant delete, select on table app.answer to wed_remover;
grant update (event_id, sealed, at) on table app.answer to wed_app;

create table app.answered_request (
  vendor_id uuid not null,
  mark bytea not null,
  operation text not null,
  request_hash bytea not null,
  status smallint,
  etag text,
  sealed bytea,
  at timestamp with time zone not null,
  constraint answered_request_pkey PRIMARY KEY (vendor_id, mark),
  constraint answered_request_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id)
);
alter table app.answered_request owner to wed_owner;
CREATE INDEX answered_request_at ON app.answered_request USING btree (vendor_id, at);
alter table app.answered_request enable row level security;
alter table app.answered_request force row level security;
create policy backup on app.answered_request for select to wed_backup
  using (true);
create policy erase on app.answered_request for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.answered_request for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.answered_request to wed_app;
grant select on table app.answered_request to wed_backup;
grant delete, select on table app.answered_request to wed_eraser;
grant update (status, etag, sealed) on table app.answered_request to wed_app;

create table app.api_key (
  vendor_id uuid not null,
  api_key_id uuid not null,
  name text not null,
  hash bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  made_by text default 'cli'::text not null,
  hint text default ''::text not null,
  networks text[] default '{}'::text[] not null,
  constraint api_key_pkey PRIMARY KEY (vendor_id, api_key_id),
  constraint api_key_hash_key UNIQUE (hash),
  constraint api_key_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id)
);
alter table app.api_key owner to wed_owner;
alter table app.api_key enable row level security;
alter table app.api_key force row level security;
create policy backup on app.api_key for select to wed_backup
  using (true);
create policy claim on app.api_key for select to wed_claim
  using (true);
create policy erase on app.api_key for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.api_key for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.api_key to wed_app;
grant select on table app.api_key to wed_backup;
grant delete, select on table app.api_key to wed_eraser;
grant update (name, expires_at, revoked_at, networks) on table app.api_key to wed_app;
grant select (vendor_id, api_key_id, hash, scopes, expires_at, revoked_at, networks) on table app.api_key to wed_claim;

create table app.approval (
  vendor_id uuid not null,
  run_id uuid not null,
  name text not null,
  node text not null,
  visit integer not null,
  ask text not null,
  role text not null,
  until_at timestamp with time zone,
  state text not null,
  asked_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  answered_by text,
  constraint approval_pkey PRIMARY KEY (vendor_id, run_id, name),
  constraint approval_vendor_id_run_id_fkey FOREIGN KEY (vendor_id, run_id) REFERENCES app.run(vendor_id, run_id),
  constraint approval_state_check CHECK ((state = ANY (ARRAY['open'::text, 'approved'::text, 'skipped'::text, 'closed'::text])))
);
alter table app.approval owner to wed_owner;
CREATE INDEX approval_open ON app.approval USING btree (vendor_id, until_at) WHERE (state = 'open'::text);
alter table app.approval enable row level security;
alter table app.approval force row level security;
create policy backup on app.approval for select to wed_backup
  using (true);
create policy erase on app.approval for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.approval for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.approval for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.approval to wed_app;
grant select on table app.approval to wed_backup;
grant delete, select on table app.approval to wed_eraser;
grant delete, select on table app.approval to wed_remover;
grant update (until_at, state, asked_at, answered_at, answered_by) on table app.approval to wed_app;

create table app.audit (
  vendor_id uuid not null,
  audit_id uuid not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  constraint audit_pkey PRIMARY KEY (vendor_id, audit_id)
);
alter table app.audit owner to wed_owner;
CREATE INDEX audit_at ON app.audit USING btree (vendor_id, at DESC, audit_id DESC);
alter table app.audit enable row level security;
alter table app.audit force row level security;
create policy backup on app.audit for select to wed_backup
  using (true);
create policy erase on app.audit for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.audit for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.audit to wed_app;
grant select on table app.audit to wed_backup;
grant delete, select on table app.audit to wed_eraser;

create table app.audit_seal (
  vendor_id uuid not null,
  place integer not null,
  sealed_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  size integer not null,
  rows bytea,
  rows_hash bytea not null,
  before bytea not null,
  hash bytea not null,
  let_go_at timestamp with time zone,
  constraint audit_seal_pkey PRIMARY KEY (vendor_id, place),
  constraint audit_seal_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint audit_seal_place_check CHECK ((place > 0)),
  constraint audit_seal_size_check CHECK ((size > 0))
);
alter table app.audit_seal owner to wed_owner;
CREATE INDEX audit_seal_until ON app.audit_seal USING btree (vendor_id, until_at);
alter table app.audit_seal enable row level security;
alter table app.audit_seal force row level security;
create policy backup on app.audit_seal for select to wed_backup
  using (true);
create policy erase on app.audit_seal for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.audit_seal for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.audit_seal to wed_app;
grant select on table app.audit_seal to wed_backup;
grant delete, select on table app.audit_seal to wed_eraser;

create table app.backup (
  backup_id uuid not null,
  at timestamp with time zone not null,
  finished_at timestamp with time zone not null,
  file text not null,
  rows bigint not null,
  bytes bigint not null,
  verified_at timestamp with time zone,
  trouble text,
  constraint backup_pkey PRIMARY KEY (backup_id)
);
alter table app.backup owner to wed_owner;
CREATE INDEX backup_at ON app.backup USING btree (at);
grant insert, select on table app.backup to wed_app;
grant select on table app.backup to wed_backup;
grant update (verified_at) on table app.backup to wed_app;

create table app.brand_logo (
  vendor_id uuid not null,
  hash bytea not null,
  type text not null,
  bytes bytea not null,
  at timestamp with time zone not null,
  constraint brand_logo_pkey PRIMARY KEY (vendor_id, hash),
  constraint brand_logo_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint brand_logo_bytes_check CHECK (((length(bytes) >= 1) AND (length(bytes) <= 100000))),
  constraint brand_logo_type_check CHECK ((type = ANY (ARRAY['png'::text, 'jpeg'::text])))
);
alter table app.brand_logo owner to wed_owner;
alter table app.brand_logo enable row level security;
alter table app.brand_logo force row level security;
create policy backup on app.brand_logo for select to wed_backup
  using (true);
create policy erase on app.brand_logo for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.brand_logo for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.brand_logo to wed_app;
grant select on table app.brand_logo to wed_backup;
grant delete, select on table app.brand_logo to wed_eraser;

create table app.captured_message (
  vendor_id uuid not null,
  effect_id uuid not null,
  attempt integer not null,
  channel text not null,
  sealed bytea not null,
  at timestamp with time zone not null,
  constraint captured_message_pkey PRIMARY KEY (vendor_id, effect_id, attempt),
  constraint captured_message_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id)
);
alter table app.captured_message owner to wed_owner;
CREATE INDEX captured_at ON app.captured_message USING btree (vendor_id, at);
alter table app.captured_message enable row level security;
alter table app.captured_message force row level security;
create policy backup on app.captured_message for select to wed_backup
  using (true);
create policy erase on app.captured_message for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.captured_message for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.captured_message to wed_app;
grant select on table app.captured_message to wed_backup;
grant delete, select on table app.captured_message to wed_eraser;

create table app.channel_secret (
  vendor_id uuid not null,
  channel text not null,
  sealed bytea not null,
  at timestamp with time zone not null,
  constraint channel_secret_pkey PRIMARY KEY (vendor_id, channel),
  constraint channel_secret_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint channel_secret_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
);
alter table app.channel_secret owner to wed_owner;
alter table app.channel_secret enable row level security;
alter table app.channel_secret force row level security;
create policy backup on app.channel_secret for select to wed_backup
  using (true);
create policy erase on app.channel_secret for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.channel_secret for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.channel_secret to wed_app;
grant select on table app.channel_secret to wed_backup;
grant delete, select on table app.channel_secret to wed_eraser;
grant update (sealed, at) on table app.channel_secret to wed_app;

create table app.channel_use (
  vendor_id uuid not null,
  channel text not null,
  hour timestamp with time zone not null,
  used integer not null,
  constraint channel_use_pkey PRIMARY KEY (vendor_id, channel),
  constraint channel_use_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint channel_use_channel_check CHECK ((channel = 'email'::text))
);
alter table app.channel_use owner to wed_owner;
alter table app.channel_use enable row level security;
alter table app.channel_use force row level security;
create policy backup on app.channel_use for select to wed_backup
  using (true);
create policy erase on app.channel_use for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.channel_use for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.channel_use to wed_app;
grant select on table app.channel_use to wed_backup;
grant delete, select on table app.channel_use to wed_eraser;
grant update (hour, used) on table app.channel_use to wed_app;

create table app.client (
  vendor_id uuid not null,
  client_id uuid not null,
  wedding_id uuid,
  stage text default 'inquiry'::text not null,
  tags text[] default '{}'::text[] not null,
  language text default 'en'::text not null,
  zone text,
  anchors jsonb default '{}'::jsonb not null,
  fields bytea,
  holds text[] default '{}'::text[] not null,
  capped integer default 0 not null,
  created_at timestamp with time zone not null,
  erased_at timestamp with time zone,
  constraint client_pkey PRIMARY KEY (vendor_id, client_id),
  constraint client_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint client_vendor_id_wedding_id_fkey FOREIGN KEY (vendor_id, wedding_id) REFERENCES app.wedding(vendor_id, wedding_id),
  constraint client_language_check CHECK ((language ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$'::text))
);
alter table app.client owner to wed_owner;
CREATE INDEX client_wedding ON app.client USING btree (wedding_id);
alter table app.client enable row level security;
alter table app.client force row level security;
create policy backup on app.client for select to wed_backup
  using (true);
create policy erase on app.client for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.client for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.client for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.client to wed_app;
grant select on table app.client to wed_backup;
grant delete, select on table app.client to wed_eraser;
grant delete, select on table app.client to wed_remover;
grant update (wedding_id, stage, tags, language, zone, anchors, fields, holds, capped, erased_at) on table app.client to wed_app;

create table app.command (
  vendor_id uuid not null,
  command_id uuid not null,
  run_id uuid not null,
  at timestamp with time zone not null,
  actor text not null,
  command jsonb not null,
  outcome text not null,
  rev_after integer not null,
  before text not null,
  undone_at timestamp with time zone,
  constraint command_pkey PRIMARY KEY (vendor_id, command_id),
  constraint command_vendor_id_run_id_fkey FOREIGN KEY (vendor_id, run_id) REFERENCES app.run(vendor_id, run_id)
);
alter table app.command owner to wed_owner;
CREATE INDEX command_run ON app.command USING btree (run_id, at);
alter table app.command enable row level security;
alter table app.command force row level security;
create policy backup on app.command for select to wed_backup
  using (true);
create policy erase on app.command for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.command for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.command for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.command to wed_app;
grant select on table app.command to wed_backup;
grant delete, select on table app.command to wed_eraser;
grant delete, select on table app.command to wed_remover;
grant update (undone_at) on table app.command to wed_app;

create table app.consent (
  vendor_id uuid not null,
  consent_id uuid not null,
  mark bytea not null,
  channel text not null,
  class text not null,
  given boolean not null,
  reason text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint consent_pkey PRIMARY KEY (vendor_id, consent_id),
  constraint consent_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint consent_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
  constraint consent_class_check CHECK ((class = ANY (ARRAY['transactional'::text, 'relationship'::text, 'marketing'::text])))
);
alter table app.consent owner to wed_owner;
CREATE INDEX consent_of ON app.consent USING btree (vendor_id, mark, at);
alter table app.consent enable row level security;
alter table app.consent force row level security;
create policy backup on app.consent for select to wed_backup
  using (true);
create policy erase on app.consent for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.consent for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.consent to wed_app;
grant select on table app.consent to wed_backup;
grant delete, select on table app.consent to wed_eraser;

create table app.dead_letter (
  vendor_id uuid not null,
  effect_id uuid not null,
  run_id uuid not null,
  kind text not null,
  cause text not null,
  detail text,
  at timestamp with time zone not null,
  requeued_at timestamp with time zone,
  requeued_by text,
  constraint dead_letter_pkey PRIMARY KEY (vendor_id, effect_id),
  constraint dead_letter_vendor_id_effect_id_fkey FOREIGN KEY (vendor_id, effect_id) REFERENCES app.effect(vendor_id, effect_id)
);
alter table app.dead_letter owner to wed_owner;
CREATE INDEX dead_letter_kind ON app.dead_letter USING btree (vendor_id, kind, cause) WHERE (requeued_at IS NULL);
alter table app.dead_letter enable row level security;
alter table app.dead_letter force row level security;
create policy backup on app.dead_letter for select to wed_backup
  using (true);
create policy erase on app.dead_letter for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.dead_letter for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.dead_letter for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.dead_letter to wed_app;
grant select on table app.dead_letter to wed_backup;
grant delete, select on table app.dead_letter to wed_eraser;
grant delete, select on table app.dead_letter to wed_remover;
grant update (cause, detail, at, requeued_at, requeued_by) on table app.dead_letter to wed_app;

create table app.details_change (
  vendor_id uuid not null,
  change_id uuid not null,
  wedding_id uuid,
  client_id uuid,
  at timestamp with time zone not null,
  actor text not null,
  before jsonb not null,
  after jsonb not null,
  undo_until timestamp with time zone not null,
  undone_at timestamp with time zone,
  constraint details_change_pkey PRIMARY KEY (vendor_id, change_id)
);
alter table app.details_change owner to wed_owner;
alter table app.details_change enable row level security;
alter table app.details_change force row level security;
create policy backup on app.details_change for select to wed_backup
  using (true);
create policy erase on app.details_change for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.details_change for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.details_change for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.details_change to wed_app;
grant select on table app.details_change to wed_backup;
grant delete, select on table app.details_change to wed_eraser;
grant delete, select on table app.details_change to wed_remover;
grant update (undone_at) on table app.details_change to wed_app;

create table app.effect (
  vendor_id uuid not null,
  effect_id uuid not null,
  effect_key bytea not null,
  run_id uuid not null,
  client_id uuid not null,
  name text not null,
  node text not null,
  visit integer not null,
  edition integer not null,
  recipient text not null,
  kind text not null,
  channel text not null,
  message_class text not null,
  class text not null,
  shard smallint not null,
  band smallint not null,
  anchor text,
  generation integer not null,
  merged text,
  catch_up boolean default false not null,
  planned_at timestamp with time zone not null,
  deadline timestamp with time zone,
  state text not null,
  due_at timestamp with time zone,
  resume_at timestamp with time zone,
  attempt integer default 0 not null,
  fence bigint,
  worker_id uuid,
  send_deadline timestamp with time zone,
  provider text,
  provider_ref text,
  key_expires_at timestamp with time zone,
  resends integer default 0 not null,
  rung smallint default 0 not null,
  cause text,
  settled_at timestamp with time zone,
  recalled text,
  doubt text,
  constraint effect_pkey PRIMARY KEY (vendor_id, effect_id),
  constraint effect_vendor_id_run_id_fkey FOREIGN KEY (vendor_id, run_id) REFERENCES app.run(vendor_id, run_id),
  constraint effect_class_check CHECK ((class = ANY (ARRAY['at_most_once'::text, 'at_least_once'::text]))),
  constraint effect_doubt_check CHECK ((doubt = ANY (ARRAY['open'::text, 'same_key'::text, 'look_up'::text, 'resend'::text, 'late_answer'::text, 'person'::text]))),
  constraint effect_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'sending'::text, 'accepted'::text, 'delivered'::text, 'rejected'::text, 'retryable'::text, 'unknown'::text, 'unresolved'::text, 'suppressed'::text, 'cancelled'::text, 'failed'::text])))
) with (autovacuum_vacuum_cost_delay=1, autovacuum_vacuum_scale_factor=0.05, fillfactor=45);
alter table app.effect owner to wed_owner;
CREATE INDEX effect_client ON app.effect USING btree (client_id, planned_at);
CREATE INDEX effect_doubt ON app.effect USING btree (doubt, state) INCLUDE (resends) WHERE (doubt IS NOT NULL);
CREATE INDEX effect_due ON app.effect USING btree (shard, band, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX effect_run ON app.effect USING btree (run_id);
CREATE INDEX effect_vendor ON app.effect USING btree (vendor_id, planned_at DESC, effect_id DESC);
CREATE INDEX effect_without_moment ON app.effect USING btree (effect_id) WHERE ((due_at IS NULL) AND (state = ANY (ARRAY['planned'::text, 'sending'::text, 'retryable'::text, 'unknown'::text])));
CREATE INDEX effect_worker ON app.effect USING btree (worker_id) WHERE (state = 'sending'::text);
alter table app.effect enable row level security;
alter table app.effect force row level security;
create policy backup on app.effect for select to wed_backup
  using (true);
create policy claim on app.effect for select to wed_claim
  using (true);
create policy erase on app.effect for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.effect for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.effect for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.effect to wed_app;
grant select on table app.effect to wed_backup;
grant delete, select on table app.effect to wed_eraser;
grant delete, select on table app.effect to wed_remover;
grant update (band, anchor, generation, planned_at, deadline, state, due_at, resume_at, attempt, fence, worker_id, send_deadline, provider, provider_ref, key_expires_at, resends, rung, cause, settled_at, recalled, doubt) on table app.effect to wed_app;
grant select (vendor_id, effect_id, shard, band, state, due_at, worker_id, resends, doubt) on table app.effect to wed_claim;

create table app.effect_attempt (
  vendor_id uuid not null,
  effect_id uuid not null,
  attempt integer not null,
  fence bigint not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  result text,
  detail text
) partition by RANGE (started_at);
alter table app.effect_attempt owner to wed_owner;
CREATE INDEX effect_attempt_effect ON ONLY app.effect_attempt USING btree (effect_id, attempt);
alter table app.effect_attempt enable row level security;
alter table app.effect_attempt force row level security;
create policy backup on app.effect_attempt for select to wed_backup
  using (true);
create policy erase on app.effect_attempt for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.effect_attempt for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.effect_attempt for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.effect_attempt to wed_app;
grant select on table app.effect_attempt to wed_backup;
grant delete, select on table app.effect_attempt to wed_eraser;
grant delete, select on table app.effect_attempt to wed_remover;
grant update (ended_at, result, detail) on table app.effect_attempt to wed_app;

create table app.effect_attempt_default partition of app.effect_attempt DEFAULT;
alter table app.effect_attempt_default owner to wed_owner;
alter table app.effect_attempt_default enable row level security;
alter table app.effect_attempt_default force row level security;
create policy backup on app.effect_attempt_default for select to wed_backup
  using (true);
create policy keep on app.effect_attempt_default for all to wed_owner
  using (true);
create policy vendor on app.effect_attempt_default for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.effect_attempt_default to wed_app;
grant select on table app.effect_attempt_default to wed_backup;

create table app.effect_content (
  vendor_id uuid not null,
  effect_id uuid not null,
  sealed bytea not null,
  content_hash bytea not null,
  constraint effect_content_pkey PRIMARY KEY (vendor_id, effect_id),
  constraint effect_content_vendor_id_effect_id_fkey FOREIGN KEY (vendor_id, effect_id) REFERENCES app.effect(vendor_id, effect_id)
);
alter table app.effect_content owner to wed_owner;
alter table app.effect_content enable row level security;
alter table app.effect_content force row level security;
create policy backup on app.effect_content for select to wed_backup
  using (true);
create policy erase on app.effect_content for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.effect_content for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.effect_content for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.effect_content to wed_app;
grant select on table app.effect_content to wed_backup;
grant delete, select on table app.effect_content to wed_eraser;
grant delete, select on table app.effect_content to wed_remover;
grant update (sealed, content_hash) on table app.effect_content to wed_app;

create table app.erasure (
  erasure_id uuid not null,
  was uuid not null,
  asked_by uuid not null,
  at timestamp with time zone not null,
  total integer not null,
  gone integer default 0 not null,
  finished_at timestamp with time zone,
  constraint erasure_pkey PRIMARY KEY (erasure_id),
  constraint erasure_total_check CHECK ((total >= 0))
);
alter table app.erasure owner to wed_owner;
CREATE INDEX erasure_left ON app.erasure USING btree (at) WHERE (finished_at IS NULL);
grant insert, select on table app.erasure to wed_app;
grant select on table app.erasure to wed_backup;
grant update (gone, finished_at) on table app.erasure to wed_app;

create table app.event (
  vendor_id uuid not null,
  event_id uuid not null,
  source text not null,
  key text not null,
  type text not null,
  at timestamp with time zone not null,
  client_id uuid,
  wedding_id uuid,
  depth smallint not null,
  data jsonb not null,
  personal bytea,
  history jsonb not null,
  constraint event_pkey PRIMARY KEY (vendor_id, event_id),
  constraint event_vendor_id_source_key_key UNIQUE (vendor_id, source, key),
  constraint event_vendor_id_client_id_fkey FOREIGN KEY (vendor_id, client_id) REFERENCES app.client(vendor_id, client_id),
  constraint event_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id)
);
alter table app.event owner to wed_owner;
CREATE INDEX event_client ON app.event USING btree (client_id, at);
alter table app.event enable row level security;
alter table app.event force row level security;
create policy backup on app.event for select to wed_backup
  using (true);
create policy erase on app.event for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.event for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.event for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.event to wed_app;
grant select on table app.event to wed_backup;
grant delete, select on table app.event to wed_eraser;
grant delete, select on table app.event to wed_remover;

create table app.form (
  vendor_id uuid not null,
  form_id uuid not null,
  key text not null,
  name text not null,
  version integer,
  archived_at timestamp with time zone,
  draft bytea not null,
  draft_hash bytea not null,
  changed_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  constraint form_pkey PRIMARY KEY (vendor_id, form_id),
  constraint form_vendor_id_key_key UNIQUE (vendor_id, key),
  constraint form_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint form_key_check CHECK ((key ~ '^[a-z][a-z0-9_-]{0,59}$'::text))
);
alter table app.form owner to wed_owner;
alter table app.form enable row level security;
alter table app.form force row level security;
create policy backup on app.form for select to wed_backup
  using (true);
create policy erase on app.form for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.form for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.form to wed_app;
grant select on table app.form to wed_backup;
grant delete, select on table app.form to wed_eraser;
grant update (name, version, archived_at, draft, draft_hash, changed_at) on table app.form to wed_app;

create table app.form_sending (
  vendor_id uuid not null,
  sending_id uuid not null,
  form_id uuid not null,
  version integer not null,
  client_id uuid not null,
  run_id uuid,
  node text,
  visit integer,
  token_hash bytea not null,
  closes boolean not null,
  asked_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  draft bytea,
  saved_at timestamp with time zone,
  submitted_at timestamp with time zone,
  submissions integer default 0 not null,
  withdrawn_at timestamp with time zone,
  withdrawn_by text,
  constraint form_sending_pkey PRIMARY KEY (vendor_id, sending_id),
  constraint form_sending_vendor_id_run_id_node_visit_key UNIQUE (vendor_id, run_id, node, visit),
  constraint form_sending_vendor_id_token_hash_key UNIQUE (vendor_id, token_hash),
  constraint form_sending_vendor_id_client_id_fkey FOREIGN KEY (vendor_id, client_id) REFERENCES app.client(vendor_id, client_id),
  constraint form_sending_vendor_id_form_id_version_fkey FOREIGN KEY (vendor_id, form_id, version) REFERENCES app.form_version(vendor_id, form_id, version),
  constraint form_sending_vendor_id_run_id_fkey FOREIGN KEY (vendor_id, run_id) REFERENCES app.run(vendor_id, run_id)
);
alter table app.form_sending owner to wed_owner;
CREATE INDEX form_sending_client ON app.form_sending USING btree (vendor_id, client_id);
CREATE INDEX form_sending_form ON app.form_sending USING btree (vendor_id, form_id, asked_at DESC);
alter table app.form_sending enable row level security;
alter table app.form_sending force row level security;
create policy backup on app.form_sending for select to wed_backup
  using (true);
create policy erase on app.form_sending for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.form_sending for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.form_sending for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.form_sending to wed_app;
grant select on table app.form_sending to wed_backup;
grant delete, select on table app.form_sending to wed_eraser;
grant delete, select on table app.form_sending to wed_remover;
grant update (draft, saved_at, submitted_at, submissions, withdrawn_at, withdrawn_by) on table app.form_sending to wed_app;

create table app.form_version (
  vendor_id uuid not null,
  form_id uuid not null,
  version integer not null,
  document bytea not null,
  hash bytea not null,
  published_at timestamp with time zone not null,
  published_by text not null,
  constraint form_version_pkey PRIMARY KEY (vendor_id, form_id, version),
  constraint form_version_vendor_id_form_id_fkey FOREIGN KEY (vendor_id, form_id) REFERENCES app.form(vendor_id, form_id),
  constraint form_version_version_check CHECK ((version > 0))
);
alter table app.form_version owner to wed_owner;
alter table app.form_version enable row level security;
alter table app.form_version force row level security;
create policy backup on app.form_version for select to wed_backup
  using (true);
create policy erase on app.form_version for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.form_version for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.form_version to wed_app;
grant select on table app.form_version to wed_backup;
grant delete, select on table app.form_version to wed_eraser;

create table app.incoming_address (
  vendor_id uuid not null,
  incoming_id uuid not null,
  key text not null,
  name text not null,
  becomes jsonb not null,
  networks text[] not null,
  sealed bytea not null,
  older_until timestamp with time zone,
  made_by text not null,
  created_at timestamp with time zone not null,
  paused_at timestamp with time zone,
  removed_at timestamp with time zone,
  constraint incoming_address_pkey PRIMARY KEY (vendor_id, incoming_id),
  constraint incoming_address_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id)
);
alter table app.incoming_address owner to wed_owner;
CREATE UNIQUE INDEX incoming_key ON app.incoming_address USING btree (vendor_id, key) WHERE (removed_at IS NULL);
alter table app.incoming_address enable row level security;
alter table app.incoming_address force row level security;
create policy backup on app.incoming_address for select to wed_backup
  using (true);
create policy erase on app.incoming_address for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.incoming_address for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.incoming_address to wed_app;
grant select on table app.incoming_address to wed_backup;
grant delete, select on table app.incoming_address to wed_eraser;
grant update (name, becomes, networks, sealed, older_until, paused_at, removed_at) on table app.incoming_address to wed_app;

create table app.incoming_call (
  vendor_id uuid not null,
  incoming_id uuid not null,
  call_id uuid not null,
  at timestamp with time zone not null,
  verdict text not null,
  why text,
  field text,
  event_id uuid,
  constraint incoming_call_pkey PRIMARY KEY (vendor_id, incoming_id, call_id),
  constraint incoming_call_vendor_id_incoming_id_fkey FOREIGN KEY (vendor_id, incoming_id) REFERENCES app.incoming_address(vendor_id, incoming_id),
  constraint incoming_call_verdict_check CHECK ((verdict = ANY (ARRAY['accepted'::text, 'repeated'::text, 'refused'::text])))
);
alter table app.incoming_call owner to wed_owner;
alter table app.incoming_call enable row level security;
alter table app.incoming_call force row level security;
create policy backup on app.incoming_call for select to wed_backup
  using (true);
create policy erase on app.incoming_call for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.incoming_call for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.incoming_call to wed_app;
grant select on table app.incoming_call to wed_backup;
grant delete, select on table app.incoming_call to wed_eraser;

create table app.installation (
  only_one boolean default true not null,
  installation_id uuid not null,
  created_at timestamp with time zone not null,
  sending boolean default false not null,
  sending_for uuid,
  zone_data text not null,
  constraint installation_pkey PRIMARY KEY (only_one),
  constraint installation_only_one_check CHECK (only_one)
);
alter table app.installation owner to wed_owner;
grant insert, select, update on table app.installation to wed_app;
grant select on table app.installation to wed_backup;

create table app.invitation (
  vendor_id uuid not null,
  invitation_id uuid not null,
  hash bytea not null,
  role text not null,
  sealed bytea not null,
  email_mark bytea not null,
  invited_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint invitation_pkey PRIMARY KEY (vendor_id, invitation_id),
  constraint invitation_hash_key UNIQUE (hash),
  constraint invitation_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint invitation_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'assistant'::text, 'viewer'::text])))
);
alter table app.invitation owner to wed_owner;
CREATE UNIQUE INDEX invitation_open ON app.invitation USING btree (vendor_id, email_mark) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));
alter table app.invitation enable row level security;
alter table app.invitation force row level security;
create policy backup on app.invitation for select to wed_backup
  using (true);
create policy claim on app.invitation for select to wed_claim
  using (true);
create policy erase on app.invitation for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.invitation for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.invitation to wed_app;
grant select on table app.invitation to wed_backup;
grant delete, select on table app.invitation to wed_eraser;
grant update (accepted_at, revoked_at) on table app.invitation to wed_app;
grant select (vendor_id, invitation_id, hash, expires_at, accepted_at, revoked_at) on table app.invitation to wed_claim;

create table app.job (
  vendor_id uuid not null,
  job_id uuid not null,
  kind text not null,
  request jsonb not null,
  state text not null,
  total integer not null,
  done integer default 0 not null,
  failed integer default 0 not null,
  results jsonb default '[]'::jsonb not null,
  actor text not null,
  at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint job_pkey PRIMARY KEY (vendor_id, job_id),
  constraint job_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint job_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
alter table app.job owner to wed_owner;
alter table app.job enable row level security;
alter table app.job force row level security;
create policy backup on app.job for select to wed_backup
  using (true);
create policy erase on app.job for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.job for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.job to wed_app;
grant select on table app.job to wed_backup;
grant delete, select on table app.job to wed_eraser;
grant update (state, done, failed, results, finished_at) on table app.job to wed_app;

create table app.journey (
  vendor_id uuid not null,
  journey_id uuid not null,
  key text not null,
  name text not null,
  category text not null,
  status text not null,
  version integer,
  trigger_type text,
  listens_to text,
  draft bytea,
  template text,
  template_version integer,
  created_at timestamp with time zone not null,
  constraint journey_pkey PRIMARY KEY (vendor_id, journey_id),
  constraint journey_vendor_id_key_key UNIQUE (vendor_id, key),
  constraint journey_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint journey_check CHECK (((template IS NULL) = (template_version IS NULL))),
  constraint journey_key_check CHECK ((key ~ '^[a-z0-9][a-z0-9_-]{0,99}$'::text)),
  constraint journey_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'paused'::text, 'archived'::text])))
);
alter table app.journey owner to wed_owner;
CREATE INDEX journey_listens ON app.journey USING btree (vendor_id, listens_to) WHERE (status = 'active'::text);
alter table app.journey enable row level security;
alter table app.journey force row level security;
create policy backup on app.journey for select to wed_backup
  using (true);
create policy erase on app.journey for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.journey for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.journey to wed_app;
grant select on table app.journey to wed_backup;
grant delete, select on table app.journey to wed_eraser;
grant update (name, category, status, version, trigger_type, listens_to, draft) on table app.journey to wed_app;

create table app.journey_version (
  vendor_id uuid not null,
  journey_id uuid not null,
  version integer not null,
  document bytea not null,
  hash bytea not null,
  published_at timestamp with time zone not null,
  published_by text not null,
  constraint journey_version_pkey PRIMARY KEY (vendor_id, journey_id, version),
  constraint journey_version_vendor_id_journey_id_fkey FOREIGN KEY (vendor_id, journey_id) REFERENCES app.journey(vendor_id, journey_id),
  constraint journey_version_version_check CHECK ((version > 0))
);
alter table app.journey_version owner to wed_owner;
alter table app.journey_version enable row level security;
alter table app.journey_version force row level security;
create policy backup on app.journey_version for select to wed_backup
  using (true);
create policy erase on app.journey_version for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.journey_version for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.journey_version to wed_app;
grant select on table app.journey_version to wed_backup;
grant delete, select on table app.journey_version to wed_eraser;

create table app.live_ticket (
  vendor_id uuid not null,
  hash bytea not null,
  member_id uuid not null,
  session_id uuid not null,
  expires_at timestamp with time zone not null,
  constraint live_ticket_pkey PRIMARY KEY (vendor_id, hash),
  constraint live_ticket_vendor_id_member_id_fkey FOREIGN KEY (vendor_id, member_id) REFERENCES app.member(vendor_id, member_id) ON DELETE CASCADE
);
alter table app.live_ticket owner to wed_owner;
alter table app.live_ticket enable row level security;
alter table app.live_ticket force row level security;
create policy backup on app.live_ticket for select to wed_backup
  using (true);
create policy erase on app.live_ticket for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.live_ticket for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.live_ticket to wed_app;
grant select on table app.live_ticket to wed_backup;
grant delete, select on table app.live_ticket to wed_eraser;

create table app.member (
  vendor_id uuid not null,
  member_id uuid not null,
  role text not null,
  sealed bytea not null,
  login_id uuid not null,
  joined_at timestamp with time zone not null,
  constraint member_pkey PRIMARY KEY (vendor_id, member_id),
  constraint member_login UNIQUE (vendor_id, login_id),
  constraint member_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint member_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'assistant'::text, 'viewer'::text])))
);
alter table app.member owner to wed_owner;
CREATE INDEX member_of_login ON app.member USING btree (login_id);
alter table app.member enable row level security;
alter table app.member force row level security;
create policy backup on app.member for select to wed_backup
  using (true);
create policy claim on app.member for select to wed_claim
  using (true);
create policy erase on app.member for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.member for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.member to wed_app;
grant select on table app.member to wed_backup;
grant delete, select on table app.member to wed_eraser;
grant update (role, sealed) on table app.member to wed_app;
grant select (vendor_id, member_id, role, login_id) on table app.member to wed_claim;

create table app.message_edit (
  vendor_id uuid not null,
  run_id uuid not null,
  node text not null,
  sealed bytea not null,
  edited_by text not null,
  at timestamp with time zone not null,
  edit_id uuid not null,
  constraint message_edit_pkey PRIMARY KEY (vendor_id, edit_id),
  constraint message_edit_vendor_id_run_id_fkey FOREIGN KEY (vendor_id, run_id) REFERENCES app.run(vendor_id, run_id)
);
alter table app.message_edit owner to wed_owner;
alter table app.message_edit enable row level security;
alter table app.message_edit force row level security;
create policy backup on app.message_edit for select to wed_backup
  using (true);
create policy erase on app.message_edit for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.message_edit for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.message_edit for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.message_edit to wed_app;
grant select on table app.message_edit to wed_backup;
grant delete, select on table app.message_edit to wed_eraser;
grant delete, select on table app.message_edit to wed_remover;

create table app.notice (
  vendor_id uuid not null,
  notice_id uuid not null,
  run_id uuid,
  node text,
  code text not null,
  facts jsonb not null,
  at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint notice_pkey PRIMARY KEY (vendor_id, notice_id)
);
alter table app.notice owner to wed_owner;
CREATE INDEX notice_open ON app.notice USING btree (vendor_id, at) WHERE (settled_at IS NULL);
alter table app.notice enable row level security;
alter table app.notice force row level security;
create policy backup on app.notice for select to wed_backup
  using (true);
create policy erase on app.notice for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.notice for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.notice for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.notice to wed_app;
grant select on table app.notice to wed_backup;
grant delete, select on table app.notice to wed_eraser;
grant delete, select on table app.notice to wed_remover;
grant update (settled_at) on table app.notice to wed_app;

create table app.person (
  vendor_id uuid not null,
  person_id uuid not null,
  client_id uuid not null,
  ref text not null,
  sealed bytea not null,
  email_mark bytea,
  phone_mark bytea,
  zone text,
  may jsonb default '{"sms": [], "email": ["transactional", "relationship"]}'::jsonb not null,
  constraint person_pkey PRIMARY KEY (vendor_id, person_id),
  constraint person_vendor_id_client_id_ref_key UNIQUE (vendor_id, client_id, ref),
  constraint person_vendor_id_client_id_fkey FOREIGN KEY (vendor_id, client_id) REFERENCES app.client(vendor_id, client_id)
);
alter table app.person owner to wed_owner;
CREATE INDEX person_email ON app.person USING btree (vendor_id, email_mark) WHERE (email_mark IS NOT NULL);
CREATE INDEX person_phone ON app.person USING btree (vendor_id, phone_mark) WHERE (phone_mark IS NOT NULL);
alter table app.person enable row level security;
alter table app.person force row level security;
create policy backup on app.person for select to wed_backup
  using (true);
create policy erase on app.person for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.person for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.person for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.person to wed_app;
grant select on table app.person to wed_backup;
grant delete, select on table app.person to wed_eraser;
grant delete, select on table app.person to wed_remover;
grant update (sealed, email_mark, phone_mark, zone, may) on table app.person to wed_app;

create table app.publication (
  vendor_id uuid not null,
  publication_id uuid not null,
  journey_id uuid not null,
  from_version integer,
  to_version integer not null,
  plan jsonb not null,
  actor text not null,
  at timestamp with time zone not null,
  rolled_back_at timestamp with time zone,
  constraint publication_pkey PRIMARY KEY (vendor_id, publication_id),
  constraint publication_vendor_id_journey_id_to_version_fkey FOREIGN KEY (vendor_id, journey_id, to_version) REFERENCES app.journey_version(vendor_id, journey_id, version)
);
alter table app.publication owner to wed_owner;
alter table app.publication enable row level security;
alter table app.publication force row level security;
create policy backup on app.publication for select to wed_backup
  using (true);
create policy erase on app.publication for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.publication for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.publication to wed_app;
grant select on table app.publication to wed_backup;
grant delete, select on table app.publication to wed_eraser;
grant update (rolled_back_at) on table app.publication to wed_app;

create table app.publication_run (
  vendor_id uuid not null,
  publication_id uuid not null,
  run_id uuid not null,
  rev_after integer not null,
  before text not null,
  constraint publication_run_pkey PRIMARY KEY (vendor_id, publication_id, run_id),
  constraint publication_run_vendor_id_publication_id_fkey FOREIGN KEY (vendor_id, publication_id) REFERENCES app.publication(vendor_id, publication_id),
  constraint publication_run_vendor_id_run_id_fkey FOREIGN KEY (vendor_id, run_id) REFERENCES app.run(vendor_id, run_id)
);
alter table app.publication_run owner to wed_owner;
alter table app.publication_run enable row level security;
alter table app.publication_run force row level security;
create policy backup on app.publication_run for select to wed_backup
  using (true);
create policy erase on app.publication_run for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.publication_run for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.publication_run for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.publication_run to wed_app;
grant select on table app.publication_run to wed_backup;
grant delete, select on table app.publication_run to wed_eraser;
grant delete, select on table app.publication_run to wed_remover;

create table app.run (
  vendor_id uuid not null,
  run_id uuid not null,
  journey_id uuid not null,
  version integer not null,
  client_id uuid not null,
  wedding_id uuid,
  shard smallint not null,
  band smallint not null,
  rev integer default 1 not null,
  inbox integer default 0 not null,
  due_at timestamp with time zone,
  status text not null,
  entry_key text not null,
  state text not null,
  constraint run_pkey PRIMARY KEY (vendor_id, run_id),
  constraint run_client_id_journey_id_entry_key_vendor_id_key UNIQUE (client_id, journey_id, entry_key, vendor_id),
  constraint run_vendor_id_client_id_fkey FOREIGN KEY (vendor_id, client_id) REFERENCES app.client(vendor_id, client_id),
  constraint run_vendor_id_journey_id_version_fkey FOREIGN KEY (vendor_id, journey_id, version) REFERENCES app.journey_version(vendor_id, journey_id, version),
  constraint run_vendor_id_wedding_id_fkey FOREIGN KEY (vendor_id, wedding_id) REFERENCES app.wedding(vendor_id, wedding_id),
  constraint run_status_check CHECK ((status = ANY (ARRAY['active'::text, 'waiting'::text, 'paused'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
) with (autovacuum_vacuum_cost_delay=1, autovacuum_vacuum_scale_factor=0.05, fillfactor=45);
alter table app.run owner to wed_owner;
CREATE INDEX run_due ON app.run USING btree (shard, band, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX run_wedding ON app.run USING btree (wedding_id) WHERE (wedding_id IS NOT NULL);
CREATE INDEX run_without_moment ON app.run USING btree (run_id) WHERE ((due_at IS NULL) AND ((status = 'active'::text) OR (inbox > 0)));
alter table app.run enable row level security;
alter table app.run force row level security;
create policy backup on app.run for select to wed_backup
  using (true);
create policy claim on app.run for select to wed_claim
  using (true);
create policy erase on app.run for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.run for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.run for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.run to wed_app;
grant select on table app.run to wed_backup;
grant delete, select on table app.run to wed_eraser;
grant delete, select on table app.run to wed_remover;
grant update (version, wedding_id, band, rev, inbox, due_at, status, state) on table app.run to wed_app;
grant select (vendor_id, run_id, shard, band, due_at) on table app.run to wed_claim;

create table app.run_inbox (
  vendor_id uuid not null,
  run_id uuid not null,
  seq bigint generated always as identity not null,
  event text not null,
  constraint run_inbox_pkey PRIMARY KEY (vendor_id, run_id, seq),
  constraint run_inbox_vendor_id_run_id_fkey FOREIGN KEY (vendor_id, run_id) REFERENCES app.run(vendor_id, run_id)
);
alter table app.run_inbox owner to wed_owner;
alter table app.run_inbox enable row level security;
alter table app.run_inbox force row level security;
create policy backup on app.run_inbox for select to wed_backup
  using (true);
create policy erase on app.run_inbox for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.run_inbox for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.run_inbox for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.run_inbox to wed_app;
grant select on table app.run_inbox to wed_backup;
grant delete, select on table app.run_inbox to wed_eraser;
grant delete, select on table app.run_inbox to wed_remover;

create table app.run_log (
  vendor_id uuid not null,
  run_id uuid not null,
  rev integer not null,
  at timestamp with time zone not null,
  event text not null,
  because text not null
) partition by RANGE (at);
alter table app.run_log owner to wed_owner;
CREATE INDEX run_log_run ON ONLY app.run_log USING btree (run_id, rev);
CREATE INDEX run_log_vendor ON ONLY app.run_log USING btree (vendor_id, at);
alter table app.run_log enable row level security;
alter table app.run_log force row level security;
create policy backup on app.run_log for select to wed_backup
  using (true);
create policy erase on app.run_log for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.run_log for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.run_log for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.run_log to wed_app;
grant select on table app.run_log to wed_backup;
grant delete, select on table app.run_log to wed_eraser;
grant delete, select on table app.run_log to wed_remover;

create table app.run_log_default partition of app.run_log DEFAULT;
alter table app.run_log_default owner to wed_owner;
alter table app.run_log_default enable row level security;
alter table app.run_log_default force row level security;
create policy backup on app.run_log_default for select to wed_backup
  using (true);
create policy keep on app.run_log_default for all to wed_owner
  using (true);
create policy vendor on app.run_log_default for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.run_log_default to wed_app;
grant select on table app.run_log_default to wed_backup;

create table app.suppression (
  vendor_id uuid not null,
  mark bytea not null,
  channel text not null,
  class text not null,
  reason text not null,
  at timestamp with time zone not null,
  constraint suppression_pkey PRIMARY KEY (vendor_id, mark, channel, class),
  constraint suppression_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id)
);
alter table app.suppression owner to wed_owner;
CREATE INDEX suppression_at ON app.suppression USING btree (vendor_id, at DESC, mark);
alter table app.suppression enable row level security;
alter table app.suppression force row level security;
create policy backup on app.suppression for select to wed_backup
  using (true);
create policy erase on app.suppression for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.suppression for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant delete, insert, select on table app.suppression to wed_app;
grant select on table app.suppression to wed_backup;
grant delete, select on table app.suppression to wed_eraser;

create table app.task (
  vendor_id uuid not null,
  run_id uuid not null,
  name text not null,
  node text not null,
  visit integer not null,
  title text not null,
  role text not null,
  why text not null,
  due_at timestamp with time zone,
  state text not null,
  opened_at timestamp with time zone not null,
  done_at timestamp with time zone,
  done_by text,
  constraint task_pkey PRIMARY KEY (vendor_id, run_id, name),
  constraint task_vendor_id_run_id_fkey FOREIGN KEY (vendor_id, run_id) REFERENCES app.run(vendor_id, run_id),
  constraint task_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'closed'::text])))
);
alter table app.task owner to wed_owner;
CREATE INDEX task_open ON app.task USING btree (vendor_id, due_at) WHERE (state = 'open'::text);
alter table app.task enable row level security;
alter table app.task force row level security;
create policy backup on app.task for select to wed_backup
  using (true);
create policy erase on app.task for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.task for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.task for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.task to wed_app;
grant select on table app.task to wed_backup;
grant delete, select on table app.task to wed_eraser;
grant delete, select on table app.task to wed_remover;
grant update (title, why, due_at, state, opened_at, done_at, done_by) on table app.task to wed_app;

create table app.vendor (
  vendor_id uuid not null,
  name text not null,
  type text not null,
  zone text not null,
  region text not null,
  rules jsonb default '{}'::jsonb not null,
  rev integer default 1 not null,
  calendar_generation integer default 1 not null,
  suspended_at timestamp with time zone,
  created_at timestamp with time zone not null,
  brand jsonb default '{}'::jsonb not null,
  channels jsonb default '{}'::jsonb not null,
  constraint vendor_pkey PRIMARY KEY (vendor_id),
  constraint vendor_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
alter table app.vendor owner to wed_owner;
alter table app.vendor enable row level security;
alter table app.vendor force row level security;
create policy backup on app.vendor for select to wed_backup
  using (true);
create policy claim on app.vendor for select to wed_claim
  using (true);
create policy erase on app.vendor for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy vendor on app.vendor for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.vendor to wed_app;
grant select on table app.vendor to wed_backup;
grant delete, select on table app.vendor to wed_eraser;
grant update (name, type, zone, region, rules, rev, calendar_generation, suspended_at, brand, channels) on table app.vendor to wed_app;
grant select (vendor_id, name, suspended_at, created_at) on table app.vendor to wed_claim;

create table app.wedding (
  vendor_id uuid not null,
  wedding_id uuid not null,
  status text not null,
  zone text,
  region text,
  guests integer,
  anchors jsonb default '{}'::jsonb not null,
  wedding_on date,
  place bytea,
  created_at timestamp with time zone not null,
  constraint wedding_pkey PRIMARY KEY (vendor_id, wedding_id),
  constraint wedding_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id),
  constraint wedding_guests_check CHECK ((guests >= 0)),
  constraint wedding_status_check CHECK ((status = ANY (ARRAY['held'::text, 'confirmed'::text, 'moved'::text, 'to_be_confirmed'::text, 'cancelled'::text])))
);
alter table app.wedding owner to wed_owner;
CREATE INDEX wedding_day ON app.wedding USING btree (vendor_id, wedding_on) WHERE ((wedding_on IS NOT NULL) AND (status = ANY (ARRAY['held'::text, 'confirmed'::text, 'moved'::text])));
alter table app.wedding enable row level security;
alter table app.wedding force row level security;
create policy backup on app.wedding for select to wed_backup
  using (true);
create policy erase on app.wedding for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.wedding for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.wedding for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.wedding to wed_app;
grant select on table app.wedding to wed_backup;
grant delete, select on table app.wedding to wed_eraser;
grant delete, select on table app.wedding to wed_remover;
grant update (status, zone, region, guests, anchors, wedding_on, place) on table app.wedding to wed_app;

create table app.worker (
  worker_id uuid not null,
  pid integer not null,
  host text not null,
  started_at timestamp with time zone not null,
  leased_until timestamp with time zone not null,
  progress_at timestamp with time zone not null,
  facts jsonb default '{}'::jsonb not null,
  breakers text[] default '{}'::text[] not null,
  constraint worker_pkey PRIMARY KEY (worker_id)
);
alter table app.worker owner to wed_owner;
grant delete, insert, select, update on table app.worker to wed_app;
grant select on table app.worker to wed_backup;
grant select on table app.worker to wed_claim;

create table app.wrapped_key (
  vendor_id uuid not null,
  subject_id uuid not null,
  sealed_by text not null,
  wrapped bytea,
  constraint wrapped_key_pkey PRIMARY KEY (vendor_id, subject_id),
  constraint wrapped_key_vendor_id_fkey FOREIGN KEY (vendor_id) REFERENCES app.vendor(vendor_id)
);
alter table app.wrapped_key owner to wed_owner;
alter table app.wrapped_key enable row level security;
alter table app.wrapped_key force row level security;
create policy backup on app.wrapped_key for select to wed_backup
  using (true);
create policy claim on app.wrapped_key for select to wed_claim
  using (true);
create policy erase on app.wrapped_key for all to wed_eraser
  using (app.is_sample(vendor_id));
create policy take_back on app.wrapped_key for all to wed_remover
  using (((CURRENT_USER = 'wed_remover'::name) AND ((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE)));
create policy vendor on app.wrapped_key for all to wed_app
  using (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE))
  with check (((vendor_id = ANY (( SELECT app.vendors() AS vendors)::uuid[])) IS TRUE));
grant insert, select on table app.wrapped_key to wed_app;
grant select on table app.wrapped_key to wed_backup;
grant delete, select on table app.wrapped_key to wed_eraser;
grant delete, select on table app.wrapped_key to wed_remover;
grant update (sealed_by, wrapped) on table app.wrapped_key to wed_app;
grant select (vendor_id, subject_id, sealed_by) on table app.wrapped_key to wed_claim;
