-- What an operator is told: how sends that nobody knew the outcome of ended, which providers are not being called, and
-- what hindered a backup.

-- 'open' from the moment it is unknown, then what settled it; null for the many that were never in doubt.
alter table app.effect add column doubt text
  check (doubt in ('open', 'same_key', 'look_up', 'resend', 'late_answer', 'person'));
grant update (doubt) on app.effect to wed_app;
grant select (doubt, resends) on app.effect to wed_claim;
create index effect_doubt on app.effect (doubt, state) include (resends) where doubt is not null;

create function app.doubts()
returns table (how text, effects int, resends int)
language sql stable security definer set search_path = pg_catalog, app as $$
  select case when e.doubt <> 'open' then e.doubt
              when e.state = 'unresolved' then 'unresolved'
              when e.state in ('cancelled', 'suppressed') then 'withdrawn'
              else 'open' end,
         count(*)::int, sum(e.resends)::int
    from app.effect e where e.doubt is not null group by 1
$$;
grant create on schema app to wed_claim;
alter function app.doubts() owner to wed_claim;
revoke create on schema app from wed_claim;
revoke all on function app.doubts() from public;
grant execute on function app.doubts() to wed_app;

-- "provider vendor", for each breaker that is open in that process.
alter table app.worker add column breakers text[] not null default '{}';

-- Why the backup of that moment is none.
alter table app.backup add column trouble text;
