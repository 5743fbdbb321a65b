-- Addresses that other systems call, and what became of their calls.

create table app.incoming_address (
  vendor_id uuid not null references app.vendor,
  incoming_id uuid not null,
  -- By which journeys name it; free again once it is removed.
  key text not null,
  name text not null,
  -- What each call becomes, how the couple is found in it, and which of its fields are taken.
  becomes jsonb not null,
  -- The secrets of whoever calls: the one that is shown last, and the one before it as long as it is still taken.
  sealed bytea not null,
  older_until timestamptz,
  made_by text not null,
  created_at timestamptz not null,
  paused_at timestamptz,
  removed_at timestamptz,
  primary key (vendor_id, incoming_id)
);

create unique index incoming_key on app.incoming_address (vendor_id, key) where removed_at is null;

-- The last calls of each address, for whoever looks why something did not arrive. What a call did is in app.event.
create table app.incoming_call (
  vendor_id uuid not null,
  incoming_id uuid not null,
  call_id uuid not null,
  at timestamptz not null,
  verdict text not null check (verdict in ('accepted', 'repeated', 'refused')),
  -- Why it was refused: a code and, where there is one, the field it is about.
  why text,
  field text,
  event_id uuid,
  primary key (vendor_id, incoming_id, call_id),
  foreign key (vendor_id, incoming_id) references app.incoming_address (vendor_id, incoming_id)
);

do $$
declare t text;
begin
  foreach t in array array['app.incoming_address', 'app.incoming_call']
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy vendor on %s to wed_app using ((vendor_id = any ((select app.vendors())::uuid[])) is true) with check ((vendor_id = any ((select app.vendors())::uuid[])) is true)', t);
    execute format('create policy backup on %s for select to wed_backup using (true)', t);
    execute format('create policy erase on %s to wed_eraser using (app.is_sample(vendor_id))', t);
    execute format('grant select on %s to wed_backup', t);
    execute format('grant select, delete on %s to wed_eraser', t);
    execute format('grant select, insert on %s to wed_app', t);
  end loop;
end $$;
grant update (name, becomes, sealed, older_until, paused_at, removed_at) on app.incoming_address to wed_app;
grant delete on app.incoming_call to wed_app;
