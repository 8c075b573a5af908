-- Who was given the token of an invitation, to hand it to the invited person, could have enrolled in that person's place. An
-- account remembers it of the factors that it has now.

alter table invitations add handed_to text;
update invitations set handed_to = case kind when 'set-up' then 'console' else 'administrator' end;
alter table invitations alter handed_to set not null, add check (handed_to in ('administrator', 'officer', 'console'));

-- Null beside factors means that nobody knows any more: they were enrolled before this was remembered.
alter table accounts add factors_handed_to text check (factors_handed_to in ('administrator', 'officer', 'console', 'product'));

-- What has ended is purged after its term.
grant delete on sessions, invitations to kuraban_app;
