import { channel } from "node:diagnostics_channel";

/** Where the time of an act went, in ms. Its ledger's share is making the event and what was left of waiting for it. */
export interface ActSpans {
  /** Pattern of the route's path. */
  readonly path: string;
  readonly whole: number;
  /** Making the event, encoding and hashing it. */
  readonly making: number;
  /** Writing out the reply, meanwhile. */
  readonly writing: number;
  /** Then, until the event was durable. */
  readonly waiting: number;
}

/** Told of each act that was carried out. In the product nobody listens; the bench does. */
export const actSpans = channel("kuraban.act-spans");
