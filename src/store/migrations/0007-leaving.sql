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
