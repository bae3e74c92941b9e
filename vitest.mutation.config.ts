import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** For Stryker alone: the tests of the engine, run against the mutated copy of it. */
export default defineConfig({
  resolve: {
    // By its name the package is a link back to the sources that are not mutated.
    alias: { '@winnow/engine': join(import.meta.dirname, 'packages/engine/src/index.ts') },
  },
  test: {
    // Most mutants fall to a conformance case; the random ones need not be many.
    testTimeout: 60_000,
    env: { WINNOW_CASES_SHARE: '0.08' },
    include: ['packages/engine/{src,test}/**/*.test.ts', 'conformance/**/*.test.ts'],
  },
})
