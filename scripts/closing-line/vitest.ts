import type { Reporter, TestModule } from 'vitest/node'
import { closeRun } from './counts.ts'

/** Ends a vitest run with one line that needs no reading around. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      if (!module.ok() && module.children.size === 0) count.failed += 1 // the file could not even be loaded
      for (const test of module.children.allTests()) count[test.result().state] += 1
    }
    closeRun({ passed: count.passed, failed: count.failed, skipped: count.skipped + count.pending })
  }
}
