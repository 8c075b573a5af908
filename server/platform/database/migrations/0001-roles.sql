-- Roles belong to the cluster, not to the database, so each may be there already, even since a moment ago.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('kuraban_app', 'login noinherit'),
      ('kuraban_ledger', 'login noinherit'),
      ('kuraban_search', 'nologin noinherit')
    ) as roles (name, options)
  loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      begin
        execute format('create role %I %s', wanted.name, wanted.options);
      exception when duplicate_object or unique_violation then
        null;
      end;
    end if;
  end loop;

  -- An owner who is no superuser may hand the search function over only to a role that it belongs to.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant kuraban_search to %I', current_user);
  end if;
end
$$;

revoke all on schema public from public;
grant usage on schema public to kuraban_app, kuraban_ledger, kuraban_search;
alter default privileges revoke execute on functions from public;
alter default privileges revoke usage on types from public;
