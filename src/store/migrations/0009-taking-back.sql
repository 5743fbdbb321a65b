-- Couples who came by mistake are taken out again, as long as nothing has gone to them.

-- The remover's own policies: whatever a statement of its says, it reaches the rows of the vendors of its transaction,
-- in the tables that hang on a couple, and no others. Whoever may become the remover sees nothing by that.
grant usage on schema app to wed_remover;
grant execute on function app.vendors() to wed_remover;
do $$
declare t text;
begin
  foreach t in array array['dead_letter', 'effect_content', 'effect_attempt', 'effect', 'approval', 'task', 'command', 'form_sending',
                           'message_edit', 'publication_run', 'run_inbox', 'run_log', 'notice', 'run', 'answer', 'event',
                           'person', 'details_change', 'client', 'wedding', 'wrapped_key']
  loop
    execute format('create policy take_back on app.%I to wed_remover using (current_user = ''wed_remover'' and (vendor_id = any ((select app.vendors())::uuid[])) is true)', t);
    execute format('grant select, delete on app.%I to wed_remover', t);
  end loop;
end $$;

-- Removes couples with everything that hangs on them. The caller holds their rows and has looked at what went out;
-- here it is asked once more, because what was sent can never be unsaid.
create function app.take_back_couples(vendor uuid, couples uuid[]) returns int
language plpgsql security definer set search_path = pg_catalog, app as $$
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
end $$;

grant create on schema app to wed_remover;
alter function app.take_back_couples(uuid, uuid[]) owner to wed_remover;
revoke create on schema app from wed_remover;
revoke all on function app.take_back_couples(uuid, uuid[]) from public;
grant execute on function app.take_back_couples(uuid, uuid[]) to wed_app;
