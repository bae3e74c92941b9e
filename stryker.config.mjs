// `npm run mutation` runs this once for each area: scripts/mutation.ts.
const area = process.env['WINNOW_MUTATION_AREA'] ?? 'engine'

// Most mutants fall to a conformance case or a row of a table; the random cases need not be many.
process.env['WINNOW_CASES_SHARE'] ??= '0.04'

export default {
  packageManager: 'npm',
  plugins: ['./scripts/mutation/runner.ts'],
  testRunner: 'pure',
  mutate: ['packages/engine/src/**/*.ts', '!**/*.test.ts'],
  // Stryker rewrites the root tsconfig through TypeScript's JavaScript API, which TypeScript 7 no longer has.
  ignorePatterns: ['/tsconfig.json', '/bench', '/coverage', '/e2e', '/reports', '/soak'],
  disableTypeChecks: false,
  concurrency: Number(process.env['WINNOW_MUTATION_CONCURRENCY'] ?? 1),
  timeoutMS: 60_000, // endless loops are found sooner, by what they run through; a busy machine should find none
  timeoutFactor: 0.5, // of a first run that also counts what is covered: a test takes a third of that later
  maxTestRunnerReuse: 400, // modules loaded anew for a mutant are never freed
  incremental: Number(process.env['WINNOW_MUTATION_SAMPLE'] ?? 1) === 1, // what was not drawn has no result to keep
  incrementalFile: `reports/mutation/${area}-incremental.json`,
  tempDirName: '.stryker-tmp',
  reporters: ['progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: `reports/mutation/${area}.html` },
  jsonReporter: { fileName: `reports/mutation/${area}.json` },
  thresholds: { high: 90, low: 85, break: null }, // the sum over all areas is what breaks
}
