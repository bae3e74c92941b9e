import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    maxWorkers: '100%', // by itself it leaves a processor free, and half of two is much
    reporters: ['default', './scripts/closing-line/vitest.ts'],
    projects: [
      {
        // Pure code shares nothing, so its files may share a thread: isolation costs ten times the run.
        test: {
          name: 'engine',
          include: ['packages/engine/{src,test}/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
          testTimeout: 60_000, // properties over many cases; a busy machine is no failure
        },
      },
      { test: { name: 'io', include: ['packages/io/{src,test}/**/*.test.ts'], pool: 'forks' } },
      {
        test: {
          name: 'demo',
          include: ['packages/demo/{src,test}/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 60_000, // whole companies; a busy machine is no failure
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'web',
          include: ['packages/web/test/**/*.test.ts'],
          pool: 'threads',
          testTimeout: 60_000, // properties over many cases, as above
        },
      },
      { test: { name: 'cli', include: ['packages/cli/{src,test}/**/*.test.ts'], pool: 'forks' } },
      {
        test: {
          name: 'server',
          include: ['packages/{server,contract}/{src,test}/**/*.test.ts', 'conformance/api.test.ts'],
          pool: 'forks',
          globalSetup: 'packages/server/test/cluster.ts',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['conformance/**/*.test.ts'],
          exclude: ['conformance/api.test.ts'], // needs the server's cluster
          pool: 'threads',
          isolate: false,
        },
      },
      { test: { name: 'docs', include: ['test/**/*.test.ts'], pool: 'forks' } },
    ],
  },
})
