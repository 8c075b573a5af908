/**
 * Jobs: background work that is added in the transaction which gives rise to it and survives whatever happens to its node.
 *
 * Invariants, all in jobs.db.test.ts: a job of a transaction that rolled back never runs; one that was committed runs to an
 * end, again after a crash; of two nodes one runs it; nothing that a person typed can stand in a payload or an error.
 */
export { addJob, runSoon, type AddJobOptions, type JobPayload } from "./add-job.ts";
export { startJobs, type Job, type Jobs, type StartJobsOptions, type Task, type Tasks } from "./start-jobs.ts";
