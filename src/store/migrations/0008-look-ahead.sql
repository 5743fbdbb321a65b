-- A look says of each shard and band when the next row falls due, as far ahead as the one who looks wants to know it.
-- Asked without an end, the index hands over a whole page of rows that are due in months, for each of 256 pairs; and
-- nobody needs those moments, because the next look comes in seconds.

drop function app.claim_runs(smallint[], smallint[], timestamptz, int, uuid[], int);
drop function app.claim_effects(smallint[], smallint[], timestamptz, int, uuid[], int);

create function app.claim_runs(shards smallint[], bands smallint[], at timestamptz, ahead timestamptz, per int, passed uuid[], depth int)
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
       where run.shard = p.shard and run.band = p.band and run.due_at > at and run.due_at <= ahead
       order by run.due_at
       limit 1)) r;
end
$$;

create function app.claim_effects(shards smallint[], bands smallint[], at timestamptz, ahead timestamptz, per int, passed uuid[], depth int)
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
       where effect.shard = p.shard and effect.band = p.band and effect.due_at > at and effect.due_at <= ahead
       order by effect.due_at
       limit 1)) e;
end
$$;

grant create on schema app to wed_claim;
alter function app.claim_runs(smallint[], smallint[], timestamptz, timestamptz, int, uuid[], int) owner to wed_claim;
revoke all on function app.claim_runs(smallint[], smallint[], timestamptz, timestamptz, int, uuid[], int) from public;
grant execute on function app.claim_runs(smallint[], smallint[], timestamptz, timestamptz, int, uuid[], int) to wed_app;
alter function app.claim_effects(smallint[], smallint[], timestamptz, timestamptz, int, uuid[], int) owner to wed_claim;
revoke all on function app.claim_effects(smallint[], smallint[], timestamptz, timestamptz, int, uuid[], int) from public;
grant execute on function app.claim_effects(smallint[], smallint[], timestamptz, timestamptz, int, uuid[], int) to wed_app;
revoke create on schema app from wed_claim;
