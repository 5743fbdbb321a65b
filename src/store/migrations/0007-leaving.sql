-- By whose server letters leave, how many in an hour, and how a studio that was only looked at leaves again.

-- How many messages a business gave to its own way within one hour: the latest hour alone.
create table app.channel_use (
  vendor_id uuid not null references app.vendor,
  channel text not null check (channel in ('email')),
  hour timestamptz not null,
  used int not null,
  primary key (vendor_id, channel)
);
alter table app.channel_use enable row level security;
alter table app.channel_use force row level security;
create policy vendor on app.channel_use to wed_app using ((vendor_id = any ((select app.vendors())::uuid[])) is true) with check ((vendor_id = any ((select app.vendors())::uuid[])) is true);
create policy backup on app.channel_use for select to wed_backup using (true);
grant select on app.channel_use to wed_backup;
grant select, insert on app.channel_use to wed_app;
grant update (hour, used) on app.channel_use to wed_app;

-- ---------------------------------------------------------------------------------------------------------
-- A sample studio is removed row by row
-- ---------------------------------------------------------------------------------------------------------

-- What was removed, by whom and how far it is. It outlives the business, so it refers to nothing.
create table app.erasure (
  erasure_id uuid primary key,
  -- The vendor_id it had.
  was uuid not null,
  asked_by uuid not null,
  at timestamptz not null,
  total int not null check (total >= 0),
  gone int not null default 0,
  finished_at timestamptz
);
create index erasure_left on app.erasure (at) where finished_at is null;
grant select on app.erasure to wed_backup;
grant select, insert on app.erasure to wed_app;
grant update (gone, finished_at) on app.erasure to wed_app;

-- The id of a sample studio says that it is one (version 8, core/sample.ts), and ids never change.
create function app.is_sample(vendor uuid) returns boolean language sql immutable parallel safe
  as $$ select substr(vendor::text, 15, 1) = '8' $$;

-- The eraser's own policies: whatever a statement of its says, it reaches the rows of sample studios and no others.
grant usage on schema app to wed_eraser;
do $$
declare t record;
begin
  for t in
    select c.oid::regclass as name
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'vendor_id' and not a.attisdropped
     where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  loop
    execute format('create policy erase on %s to wed_eraser using (app.is_sample(vendor_id))', t.name);
    execute format('grant select, delete on %s to wed_eraser', t.name);
  end loop;
end $$;

-- The tables of a vendor in the order in which they can be emptied: what hangs on others first, logs that hang on
-- nothing before them, keys when nothing is left to be opened, and the vendor itself last. Asked of the catalogs, so
-- that a table added tomorrow is in.
create function app.erasure_order() returns table (step int, name text)
language sql stable set search_path = pg_catalog, app as $$
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
$$;

-- Attempts know their vendor but are found by their effects.
create function app.erasure_where(name text) returns text language sql immutable set search_path = pg_catalog, app as $$
  select 'vendor_id = $1' || case when name = 'app.effect_attempt'
    then ' and effect_id = any (array(select e.effect_id from app.effect e where e.vendor_id = $1))' else '' end
$$;

create function app.sample_rows(vendor uuid) returns int
language plpgsql stable security definer set search_path = pg_catalog, app as $$
declare t record; rows int; found int := 0;
begin
  for t in select o.name from app.erasure_order() o loop
    execute format('select count(*)::int from %s where %s', t.name, app.erasure_where(t.name)) into rows using vendor;
    found := found + rows;
  end loop;
  return found;
end $$;

-- Removes at most this many rows of a sample studio that is closed, beginning at this step of the order; says where to
-- go on, null when the business itself is gone.
create function app.erase_sample(vendor uuid, from_step int, at_most int) returns table (next_step int, gone int)
language plpgsql security definer set search_path = pg_catalog, app as $$
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
end $$;

grant create on schema app to wed_eraser;
alter function app.sample_rows(uuid) owner to wed_eraser;
alter function app.erase_sample(uuid, int, int) owner to wed_eraser;
revoke create on schema app from wed_eraser;
revoke all on function app.sample_rows(uuid) from public;
revoke all on function app.erase_sample(uuid, int, int) from public;
grant execute on function app.sample_rows(uuid) to wed_app;
grant execute on function app.erase_sample(uuid, int, int) to wed_app;

-- Sample studios of theirs that are not open: one whose season was cut off is offered to be loaded again or removed.
create function app.samples_begun_by(login uuid)
returns table (vendor_id uuid, name text, member_id uuid, role text)
language sql stable security definer set search_path = pg_catalog, app as $$
  select m.vendor_id, v.name, m.member_id, m.role
    from app.member m join app.vendor v on v.vendor_id = m.vendor_id
   where m.login_id = login and v.suspended_at is not null and app.is_sample(m.vendor_id)
   order by v.created_at, v.vendor_id
$$;
grant create on schema app to wed_claim;
alter function app.samples_begun_by(uuid) owner to wed_claim;
revoke create on schema app from wed_claim;
revoke all on function app.samples_begun_by(uuid) from public;
grant execute on function app.samples_begun_by(uuid) to wed_app;
