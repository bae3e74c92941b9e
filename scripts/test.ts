import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closingLine, countInto, readCounts } from './closing-line/counts.ts'

/** `npm test`: each step in order, stopping at the first that fails, then the sum of all tests on the last line. */
const STEPS = ['typecheck', 'lint', 'unit', 'build', 'e2e']

const folder = mkdtempSync(join(tmpdir(), 'winnow-test-'))
const countsFile = join(folder, 'counts.jsonl')
const failedStep = STEPS.find((step) => {
  const started = performance.now()
  const { status } = spawnSync('npm', ['run', '--silent', step], { stdio: 'inherit', env: countInto(countsFile) })
  console.log(`${step} ${status === 0 ? 'done' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
  return status !== 0
})

const total = { passed: 0, failed: 0, skipped: 0 }
for (const counts of readCounts(countsFile)) {
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
}
if (failedStep !== undefined && total.failed === 0) total.failed = 1 // a step without tests of its own, such as lint
rmSync(folder, { recursive: true })
console.log(closingLine(total))
process.exitCode = failedStep === undefined ? 0 : 1
