-- One person who was added to a couple by mistake is taken out again, as long as nothing has gone to them.

-- Removes them with the key their name was sealed with. The caller holds the couple and has looked at what went out;
-- here it is asked once more, because what was sent can never be unsaid.
create function app.take_back_person(vendor uuid, client uuid, person text) returns int
language plpgsql security definer set search_path = pg_catalog, app as $$
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
end $$;

grant create on schema app to wed_remover;
alter function app.take_back_person(uuid, uuid, text) owner to wed_remover;
revoke create on schema app from wed_remover;
revoke all on function app.take_back_person(uuid, uuid, text) from public;
grant execute on function app.take_back_person(uuid, uuid, text) to wed_app;
