import type { FullResult, Reporter, Suite } from '@playwright/test/reporter'
import { closeRun } from './counts.ts'

/** Ends a Playwright run with one line that needs no reading around. */
export default class ClosingLine implements Reporter {
  #suite: Suite | undefined
  #errors = 0

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite
  }

  onError(): void {
    this.#errors += 1
  }

  onEnd(result: FullResult): void {
    const outcomes = (this.#suite?.allTests() ?? []).map((test) => test.outcome())
    const count = (outcome: string): number => outcomes.filter((one) => one === outcome).length
    const failed = count('unexpected') + this.#errors
    closeRun({
      passed: count('expected') + count('flaky'),
      failed: failed === 0 && result.status !== 'passed' ? 1 : failed, // interrupted or timed out as a whole
      skipped: count('skipped'),
    })
  }

  printsToStdio(): boolean {
    return false // beside the list reporter, not instead of it
  }
}
