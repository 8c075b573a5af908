-- Places that are given every event, for a SIEM: of them tree_size is how many events of the tree have arrived.
alter table checkpoint_outlets drop constraint checkpoint_outlets_kind_check;
alter table checkpoint_outlets add constraint checkpoint_outlets_kind_check
  check (kind in ('witness', 'folder', 'mail', 'webhook', 'timestamp', 'syslog', 'lines'));
