-- What the app hears while it is open, and the lists it looks through.

-- What happened to a vendor lately is asked every second while somebody watches, and counted by day: the log is found
-- by vendor and moment. Nobody asks for a moment of all vendors.
drop index app.run_log_at;
create index run_log_vendor on app.run_log (vendor_id, at);

-- Messages are looked through from the newest on; without it every message of a vendor was read for one page.
create index effect_vendor on app.effect (vendor_id, planned_at desc, effect_id desc);

-- The way into a line that stays open: for one session of one member, once, and within half a minute.
create table app.live_ticket (
  vendor_id uuid not null,
  hash bytea not null,
  member_id uuid not null,
  session_id uuid not null,
  expires_at timestamptz not null,
  primary key (vendor_id, hash),
  foreign key (vendor_id, member_id) references app.member (vendor_id, member_id) on delete cascade
);

do $$
declare t text;
begin
  foreach t in array array['app.live_ticket']
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy vendor on %s to wed_app using ((vendor_id = any ((select app.vendors())::uuid[])) is true) with check ((vendor_id = any ((select app.vendors())::uuid[])) is true)', t);
    execute format('create policy backup on %s for select to wed_backup using (true)', t);
    execute format('grant select on %s to wed_backup', t);
    execute format('grant select, insert, delete on %s to wed_app', t);
  end loop;
end $$;

-- Whether the transaction that wrote a row was not visible yet in this snapshot. A row knows the lower half of its
-- transaction's number; the upper half is that of now, or the one before if it would lie in the future.
create function app.was_written_since(writer xid, since pg_snapshot) returns boolean
language sql stable as $$
  select not pg_visible_in_snapshot(
    (n.top - n.top % 4294967296 + n.low - case when n.low >= n.top % 4294967296 then 4294967296 else 0 end)::text::xid8, since)
    from (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as top, writer::text::bigint as low) n
$$;
grant execute on function app.was_written_since(xid, pg_snapshot) to wed_app;
