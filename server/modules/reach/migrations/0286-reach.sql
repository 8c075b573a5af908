-- 「もし盗まれたら」: how many people each account, role and device could read, day by day. Numbers and codes alone, and rebuilt by
-- nobody: what was not counted on a day is not known. A row stands for its day and every later one until the next.
create table reach_figures (
  kind text not null check (kind in ('account', 'role', 'device')),
  -- The number of an account, the key of a role, the number of a device.
  key text not null,
  day date not null,
  people integer not null check (people >= 0),
  -- By class, open to sensitive: read, unmasked.
  readable integer[] not null,
  unmasked integer[] not null,
  -- Of a device: distinct people whom it was shown in the 90 days before.
  released integer,
  primary key (kind, key, day)
);
create index reach_figures_day on reach_figures (day);

create table reach_counts (
  day date primary key,
  counted_at timestamptz not null,
  took_ms integer not null,
  figures integer not null
);

-- The count that is under way.
create table reach_counting (
  one boolean primary key default true check (one),
  done integer not null,
  "of" integer not null
);

grant select, insert, update, delete on reach_figures, reach_counts, reach_counting to kuraban_app;
