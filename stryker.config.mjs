export default {
  packageManager: 'npm',
  plugins: ['@stryker-mutator/vitest-runner'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  mutate: ['packages/engine/src/**/*.ts', '!**/*.test.ts'],
  // Stryker rewrites the root tsconfig through TypeScript's JavaScript API, which TypeScript 7 no longer has.
  ignorePatterns: ['/tsconfig.json', '/docs', '/bench', '/coverage', '/reports'],
  disableTypeChecks: false,
  ignoreStatic: true, // they run when a module loads: each would cost the whole suite again
  concurrency: 2,
  timeoutMS: 10_000,
  incremental: true,
  incrementalFile: '.stryker-incremental.json',
  tempDirName: '.stryker-tmp',
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false },
  htmlReporter: { fileName: 'reports/mutation.html' },
  jsonReporter: { fileName: 'reports/mutation.json' },
  thresholds: { high: 90, low: 85, break: 85 },
}
