/** What the size of a desk is reckoned from. Shares are fractions of 1. The presets are assumptions, meant to be edited. */
export interface StaffingAssumptions {
  /** Of the people notified, how many call. */
  readonly callShare: number;
  readonly handleSeconds: number;
  /** Of all calls, those of the first day; of a day's, those of its busiest hour. */
  readonly firstDayShare: number;
  readonly peakHourShare: number;
  /** This share of calls is answered within `answerSeconds`. */
  readonly serviceLevel: number;
  readonly answerSeconds: number;
  /** Of working time, breaks, training, after-work. */
  readonly shrinkage: number;
  /** Notices leave in so many parts, each after the calls of the one before. */
  readonly waves: number;
}

export const presetStaffing: StaffingAssumptions = {
  callShare: 0.03,
  handleSeconds: 480,
  firstDayShare: 0.3,
  peakHourShare: 0.15,
  serviceLevel: 0.8,
  answerSeconds: 20,
  shrinkage: 0.3,
  waves: 1,
};

/**
 * The probability that a call waits (Erlang C), for a load in erlangs and a number of agents. 1 where the agents cannot keep up.
 * By the recursion of Erlang B, which neither overflows nor loses digits.
 */
export function erlangC(erlangs: number, agents: number): number {
  if (agents <= erlangs) {
    return 1;
  }
  let blocked = 1;
  for (let line = 1; line <= agents; line += 1) {
    blocked = (erlangs * blocked) / (line + erlangs * blocked);
  }
  return (agents * blocked) / (agents - erlangs * (1 - blocked));
}

export interface Staffing {
  readonly calls: number;
  readonly peakCalls: number;
  readonly erlangs: number;
  readonly agents: number;
  /** With what shrinkage takes. */
  readonly staff: number;
  readonly waitProbability: number;
}

/** How many agents a desk needs in its busiest hour. */
export function staffing(notified: number, given: StaffingAssumptions): Staffing {
  const calls = notified * given.callShare;
  const peakCalls = (calls / given.waves) * given.firstDayShare * given.peakHourShare;
  const erlangs = (peakCalls * given.handleSeconds) / 3600;
  if (peakCalls === 0) {
    return { calls, peakCalls, erlangs, agents: 0, staff: 0, waitProbability: 0 };
  }
  let agents = Math.floor(erlangs) + 1;
  const answered = (): number => 1 - erlangC(erlangs, agents) * Math.exp((-(agents - erlangs) * given.answerSeconds) / given.handleSeconds);
  while (answered() < given.serviceLevel) {
    agents += 1;
  }
  return { calls, peakCalls, erlangs, agents, staff: Math.ceil(agents / (1 - given.shrinkage)), waitProbability: erlangC(erlangs, agents) };
}
