import { configDefaults, defineConfig } from "vitest/config";

const withDatabase = "**/*.db.test.ts";
const journeys = "tests/journeys/**/*.test.ts";
const faults = "tests/faults/**/*.test.ts";
const exclude = [...configDefaults.exclude, "**/.tmp/**"];

export default defineConfig({
  test: {
    maxWorkers: 2,
    // What differed is said in the message itself, which is all that the list of failures has.
    chaiConfig: { truncateThreshold: 1_000 },
    // A condition is waited for, not a time: one second is short for a busy machine.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: { name: "fast", include: ["**/*.test.ts"], exclude: [...exclude, withDatabase, journeys, faults], testTimeout: 30_000, hookTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: [withDatabase],
          exclude: [...exclude, journeys, faults],
          globalSetup: "tests/support/database-setup.ts",
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "journeys",
          include: [journeys],
          exclude,
          globalSetup: "tests/support/demo-setup.ts",
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: [faults],
          exclude,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
