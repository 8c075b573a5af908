-- Rights of then are followed by the accounts; the job that did it under another name comes round no more.
delete from jobs where task = 'incidents.follow-rights';
