-- Which amendments of the stored roles an installation has seen: each is carried out once, at the start of the version that brings it.
create table policy_amendments (
  amendment text primary key
);
grant select, insert on policy_amendments to kuraban_app;
