-- Addresses that other systems call, and what became of their calls; and from where keys and calls are taken.

create table app.incoming_address (
  vendor_id uuid not null references app.vendor,
  incoming_id uuid not null,
  -- By which journeys name it; free again once it is removed.
  key text not null,
  name text not null,
  -- What each call becomes, how the couple is found in it, and which of its fields are taken.
  becomes jsonb not null,
  -- From where calls are taken; none named: from anywhere.
  networks text[] not null,
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
grant update (name, becomes, networks, sealed, older_until, paused_at, removed_at) on app.incoming_address to wed_app;
grant delete on app.incoming_call to wed_app;

-- From where a key is taken; none named: from anywhere.
alter table app.api_key add column networks text[] not null default '{}';
grant update (networks) on app.api_key to wed_app;
grant select (networks) on app.api_key to wed_claim;

drop function app.vendor_of_key(bytea, timestamptz);
create function app.vendor_of_key(hash bytea, at timestamptz)
returns table (vendor_id uuid, api_key_id uuid, scopes text[], networks text[])
language sql stable security definer set search_path = pg_catalog, app as $$
  select k.vendor_id, k.api_key_id, k.scopes, k.networks
    from app.api_key k
   where k.hash = vendor_of_key.hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > at)
$$;
grant create on schema app to wed_claim;
alter function app.vendor_of_key(bytea, timestamptz) owner to wed_claim;
revoke create on schema app from wed_claim;
revoke all on function app.vendor_of_key(bytea, timestamptz) from public;
grant execute on function app.vendor_of_key(bytea, timestamptz) to wed_app;
