import type { Command } from 'commander'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, type ExitCode } from '../errors.ts'
import type { Run } from '../run.ts'

const ROOT = join(import.meta.dirname, '../../../..')

export function addBench(program: Command, run: Run): void {
  program
    .command('bench')
    .summary('measure how fast the engine is (in a checkout of the source)')
    .description('Hands over to bench/run.ts. Benches: rules, bulk, replay, live; all of them without a name.')
    .argument('[name...]', 'benches to run')
    .option('--json', 'print an array of { name, value, unit, beside, ratio, goal, met }')
    .action(async (names: string[], flags: { json?: boolean }) => {
      const script = join(ROOT, 'bench/run.ts')
      if (!existsSync(script)) throw new CliError('checkout_needed', 'there is no bench/run.ts beside this program')
      const child = spawn(process.execPath, [script, ...names, ...(flags.json ? ['--json'] : [])], {
        cwd: ROOT,
        stdio: 'inherit',
      })
      run.signal.addEventListener('abort', () => child.kill('SIGTERM'))
      const [code] = (await once(child, 'close')) as [number | null]
      run.end((code ?? 1) as ExitCode)
    })
}
