/** Numbers of advisory locks: all of them here, for two purposes with one number would wait for each other. */
export const LOCKS = {
  /** The Winnow that uses a data folder; a second one finds it taken. */
  owner: 7_709_313_001,
  /** Whoever brings the schema up to date: servers that start together do so one after the other. */
  migration: 7_709_313_002,
  /** Transactions that take messages share it; one that was in the way of another has it alone. */
  taking: 7_709_313_003,
  /** Whoever makes the first administrator. */
  setup: 7_709_313_004,
  /** Whoever publishes a definition. */
  publishing: 7_709_313_005,
  /** Whoever restates many circles at once. */
  restating: 7_709_313_006,
  /** Whoever writes a copy of the log; with the number of its folder, in the space of pairs. */
  columns: 770_931_301,
} as const
