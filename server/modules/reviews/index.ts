/**
 * Reviews: who can see what, and why; and the review of it (棚卸し), signed off.
 *
 * Invariants: who is said to see a customer is who sees them at the door, and how much (customer-readers.db.test.ts); what a review
 * says that an account reaches is what it lists, a role is called unused only where nothing that it alone gives was used, and what
 * was signed off cannot be changed unseen (reviews.db.test.ts). A review changes no right: whoever manages accounts does.
 */
import { downloads, reads, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/reviews.ts";
import { customerReaders } from "./customer-readers.ts";
import { decideOfficer, decideReviewed } from "./decide-reviewed.ts";
import { listReviews, listTakings, showReview } from "./list-reviews.ts";
import { gatherReview, gatherTask, openReview, type ReviewHouse } from "./open-review.ts";
import { printReview, renderReview } from "./print-review.ts";
import { signReview } from "./sign-review.ts";

export { events } from "./events.ts";
export { placesNow } from "./places-now.ts";
export { rightsWith, type Place } from "./reach.ts";
export { gatherReview, type ReviewHouse } from "./open-review.ts";

export function reviewRoutes(): Route[] {
  return [
    reads(contract.customerReaders, "customer.readers-viewed", customerReaders),
    readsQuietly(contract.listReviews, "reviews.listed", listReviews),
    writes(contract.openReview, "review.opened", openReview),
    reads(contract.showReview, "review.viewed", showReview),
    writes(contract.decideReviewed, "review.decided", decideReviewed),
    writes(contract.decideOfficer, "review.decided", decideOfficer),
    writes(contract.signReview, "review.signed", signReview),
    downloads(contract.reviewPdf, "review.printed", printReview, renderReview),
    readsQuietly(contract.listTakings, "review.takings-listed", listTakings),
  ];
}

export function reviewTasks(storehouse: Storehouse, house: ReviewHouse): Tasks {
  return { [gatherTask]: { run: (job) => gatherReview(storehouse, job, house) } };
}
