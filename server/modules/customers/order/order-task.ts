/** The name of the job that keeps the stored orders. It comes round, and is brought forward by whoever meets an old one. */
export const orderTask = "customers.order";
