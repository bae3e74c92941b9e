/** Starts a server as a process of its own, to be killed. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

const PROGRAM = join(import.meta.dirname, 'process.ts')

export async function startProcess(
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [PROGRAM], {
    env: { ...process.env, WINNOW_PORT: '0', WINNOW_LOG: 'error', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const piece of child.stdout) {
    said += String(piece)
    const url = /ready (\S+)/.exec(said)?.[1]
    if (url !== undefined) return { child, url }
  }
  throw new Error(`the server ended before it was ready: ${said}`)
}
