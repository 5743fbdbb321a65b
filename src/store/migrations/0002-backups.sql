-- Backups that were made of this installation, so that doctor and the alerts can tell how old the last one is.
-- It names no vendor's data; a restored copy begins without any.
create table app.backup (
  backup_id uuid primary key,
  at timestamptz not null,
  finished_at timestamptz not null,
  file text not null,
  rows bigint not null,
  bytes bigint not null,
  verified_at timestamptz
);
create index backup_at on app.backup (at);

grant select on app.backup to wed_app, wed_backup;
grant insert on app.backup to wed_app;
grant update (verified_at) on app.backup to wed_app;
