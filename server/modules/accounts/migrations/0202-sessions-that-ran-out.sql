-- A session that ran out ends without anybody's doing: that it did is recorded once.
alter table sessions add end_noted boolean not null default false;
update sessions set end_noted = true where revoked_at is not null or expires_at <= now() or last_seen_at + make_interval(secs => idle_seconds) <= now();
create index sessions_open on sessions (expires_at) where revoked_at is null and not end_noted;
