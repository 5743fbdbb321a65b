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

-- Words a person has changed for one couple: written once; the run says which of them count, so that taking an edit back
-- brings the words before it back.
alter table app.message_edit drop constraint message_edit_pkey;
alter table app.message_edit drop column visit;
alter table app.message_edit add column edit_id uuid not null;
alter table app.message_edit add primary key (vendor_id, edit_id);
revoke update (sealed, edited_by, at), delete on app.message_edit from wed_app;

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
-- transaction's number; the upper half is that of `top`, which nothing has reached yet, or the one before. `low` is the
-- lower half of the number below which the snapshot knows no transaction that was under way: nearly every row is
-- settled by it alone. One expression, so that it becomes a part of the statement that asks.
create function app.was_written_since(writer xid, since pg_snapshot, low bigint, top bigint) returns boolean
language sql stable as $$
  select case when (writer::text::bigint - low + 4294967296) % 4294967296 >= 2147483648 then false
    else not pg_visible_in_snapshot(
      (top - top % 4294967296 + writer::text::bigint
        - case when writer::text::bigint >= top % 4294967296 then 4294967296 else 0 end)::text::xid8, since) end
$$;
grant execute on function app.was_written_since(xid, pg_snapshot, bigint, bigint) to wed_app;
