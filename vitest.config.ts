import { defineConfig } from 'vitest/config'

/** A busy machine is no failure; what takes long on a quiet one is a matter for benchmarks. */
const PATIENT = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } }

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
          ...PATIENT,
        },
      },
      { test: { name: 'io', include: ['packages/io/{src,test}/**/*.test.ts'], pool: 'forks', ...PATIENT } },
      {
        test: {
          name: 'demo',
          include: ['packages/demo/{src,test}/**/*.test.ts'],
          pool: 'forks',
          ...PATIENT,
        },
      },
      {
        test: {
          name: 'web',
          include: ['packages/web/test/**/*.test.ts'],
          pool: 'threads',
          ...PATIENT,
        },
      },
      { test: { name: 'cli', include: ['packages/cli/{src,test}/**/*.test.ts'], pool: 'forks', ...PATIENT } },
      {
        test: {
          name: 'server',
          include: ['packages/{server,contract}/{src,test}/**/*.test.ts', 'conformance/api.test.ts'],
          pool: 'forks',
          globalSetup: 'packages/server/test/cluster.ts',
          ...PATIENT,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['conformance/**/*.test.ts'],
          exclude: ['conformance/api.test.ts'], // needs the server's cluster
          pool: 'threads',
          isolate: false,
          ...PATIENT,
        },
      },
      { test: { name: 'docs', include: ['test/**/*.test.ts'], pool: 'forks', ...PATIENT } },
    ],
  },
})
