-- Who may sign in, and who works for whom.
--
-- Two walls. People who sign in (addresses, password hashes, sessions) belong to no vendor: they lie in a schema of
-- their own, which only the role wed_accounts may enter; the product's role has no right there, so that no mistake in
-- a statement about couples can read a password. Who works for a vendor, and as what, is that vendor's row like any
-- other: under row-level security, named by vendor_id. Neither role can reach across.

create schema accounts;

-- A person who signs in. The columns of this table and the next four are those that better-auth asks for.
create table accounts.login (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table accounts.session (
  id uuid primary key,
  login_id uuid not null references accounts.login on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index session_login on accounts.session (login_id);

-- How a person proves to be themselves: an argon2id hash; the columns for other providers stay empty.
create table accounts.credential (
  id uuid primary key,
  login_id uuid not null references accounts.login on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index credential_login on accounts.credential (login_id);

-- Tokens that were mailed, kept as hashes, and half-finished second factors.
create table accounts.verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index verification_identifier on accounts.verification (identifier);

create table accounts.second_factor (
  id uuid primary key,
  login_id uuid not null unique references accounts.login on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean,
  failed_verification_count int,
  locked_until timestamptz
);

-- A one-time link by which a business may be opened: by its hash alone. The vendor and the member that will come of
-- it are named beforehand, so that a sign-up which broke off half-way is finished by the same link, never doubled.
create table accounts.opening (
  hash bytea primary key,
  vendor_id_to_be uuid not null,
  member_id_to_be uuid not null,
  -- Whose address it was mailed to, or who began to use it; nobody else can any more.
  email text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- Letters about accounts: what has to leave the house, and what was captured. Sealed, because they carry links.
create table accounts.letter (
  letter_id uuid primary key,
  sealed bytea not null,
  state text not null check (state in ('planned', 'sent', 'captured', 'failed')),
  attempts smallint not null default 0,
  at timestamptz not null,
  expires_at timestamptz not null
);
create index letter_planned on accounts.letter (at) where state = 'planned';

-- What was done to accounts; what is done for a vendor is in app.audit.
create table accounts.audit (
  audit_id uuid primary key,
  login_id uuid,
  at timestamptz not null,
  action text not null,
  detail jsonb not null
);
create index audit_login on accounts.audit (login_id, at);

grant usage on schema accounts to wed_accounts, wed_backup;
do $$
declare t record;
begin
  for t in select c.oid::regclass as name from pg_class c
            where c.relnamespace = 'accounts'::regnamespace and c.relkind = 'r'
  loop
    -- A right given by mistake to any other role still shows it nothing.
    execute format('alter table %s enable row level security', t.name);
    execute format('alter table %s force row level security', t.name);
    execute format('create policy accounts on %s to wed_accounts using (true) with check (true)', t.name);
    execute format('create policy backup on %s for select to wed_backup using (true)', t.name);
    execute format('grant select on %s to wed_backup', t.name);
    execute format('grant select, insert on %s to wed_accounts', t.name);
  end loop;
end $$;
grant update (name, email, email_verified, two_factor_enabled, updated_at) on accounts.login to wed_accounts;
grant update (token, expires_at, ip_address, user_agent, updated_at), delete on accounts.session to wed_accounts;
grant update (password, updated_at), delete on accounts.credential to wed_accounts;
grant update (value, expires_at, updated_at), delete on accounts.verification to wed_accounts;
grant update (secret, backup_codes, verified, failed_verification_count, locked_until), delete on accounts.second_factor to wed_accounts;
grant update (email, used_at), delete on accounts.opening to wed_accounts;
grant update (state, attempts, sealed), delete on accounts.letter to wed_accounts;

-- A member is a person who signs in, in a role, for one vendor. `sealed` holds name and address for the list of
-- members, with the vendor's key: the product never asks the accounts for them.
alter table app.member
  add column login_id uuid not null,
  add column joined_at timestamptz not null,
  add constraint member_login unique (vendor_id, login_id);
create index member_of_login on app.member (login_id);

create table app.invitation (
  vendor_id uuid not null references app.vendor,
  invitation_id uuid not null,
  hash bytea not null unique,
  role text not null check (role in ('owner', 'manager', 'assistant', 'viewer')),
  sealed bytea not null,
  -- The address, keyed: one open invitation for each.
  email_mark bytea not null,
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (vendor_id, invitation_id)
);
create unique index invitation_open on app.invitation (vendor_id, email_mark) where accepted_at is null and revoked_at is null;

-- An answer that was given under an Idempotency-Key, in the transaction of the change itself. Kept for a day.
create table app.answered_request (
  vendor_id uuid not null references app.vendor,
  -- Of who asked and their key.
  mark bytea not null,
  operation text not null,
  request_hash bytea not null,
  status smallint,
  etag text,
  sealed bytea,
  at timestamptz not null,
  primary key (vendor_id, mark)
);
create index answered_request_at on app.answered_request (vendor_id, at);

alter table app.api_key
  add column made_by text not null default 'cli',
  add column hint text not null default '';
create index audit_at on app.audit (vendor_id, at desc, audit_id desc);

do $$
declare t text;
begin
  foreach t in array array['app.invitation', 'app.answered_request']
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy vendor on %s to wed_app using ((vendor_id = any ((select app.vendors())::uuid[])) is true) with check ((vendor_id = any ((select app.vendors())::uuid[])) is true)', t);
    execute format('create policy backup on %s for select to wed_backup using (true)', t);
    execute format('grant select on %s to wed_backup', t);
    execute format('grant select, insert on %s to wed_app', t);
  end loop;
end $$;
grant update (accepted_at, revoked_at) on app.invitation to wed_app;
grant update (status, etag, sealed), delete on app.answered_request to wed_app;

create policy claim on app.member for select to wed_claim using (true);
grant select (vendor_id, member_id, login_id, role) on app.member to wed_claim;
create policy claim on app.invitation for select to wed_claim using (true);
grant select (vendor_id, invitation_id, hash, expires_at, accepted_at, revoked_at) on app.invitation to wed_claim;
grant select (vendor_id, suspended_at) on app.vendor to wed_claim;

-- For whom a person works, and as what: asked before anything of a vendor is touched.
create function app.memberships_of(login uuid)
returns table (vendor_id uuid, name text, member_id uuid, role text)
language sql stable security definer set search_path = pg_catalog, app as $$
  select m.vendor_id, v.name, m.member_id, m.role
    from app.member m join app.vendor v on v.vendor_id = m.vendor_id
   where m.login_id = login and v.suspended_at is null order by v.created_at, v.vendor_id
$$;

create function app.invitation_of_link(hash bytea, at timestamptz)
returns table (vendor_id uuid, invitation_id uuid)
language sql stable security definer set search_path = pg_catalog, app as $$
  select i.vendor_id, i.invitation_id from app.invitation i
   where i.hash = invitation_of_link.hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > at
$$;

grant create on schema app to wed_claim;
alter function app.memberships_of(uuid) owner to wed_claim;
alter function app.invitation_of_link(bytea, timestamptz) owner to wed_claim;
revoke create on schema app from wed_claim;
revoke all on function app.memberships_of(uuid) from public;
revoke all on function app.invitation_of_link(bytea, timestamptz) from public;
grant execute on function app.memberships_of(uuid) to wed_app;
grant execute on function app.invitation_of_link(bytea, timestamptz) to wed_app;
