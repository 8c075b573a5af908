import type { Problem } from "#shared/problems.ts";

/**
 * Thrown by a use case whose writes must stand although the caller is refused: a wrong password counts. The route
 * commits, records the event with outcome `refused`, and replies with the problem.
 */
export class CommittedRefusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.name = "CommittedRefusal";
    this.problem = problem;
  }
}
