/** Runs the real command in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../../..')
const MAIN = join(ROOT, 'packages/cli/src/main.ts')

export const folder = mkdtempSync(join(tmpdir(), 'winnow-cli-test-'))

export function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Standard output as JSON. */
  readonly json: () => unknown
}

export interface RunOptions {
  readonly input?: string | Uint8Array
  /** Standard input stays open, for `whileRunning` to write to. */
  readonly isOpen?: boolean
  readonly whileRunning?: (child: ChildProcess) => void
  readonly env?: Readonly<Record<string, string>>
}

/** More than the system holds for a process that does not read yet. */
const ROWS = `id,job\n${Array.from({ length: 60_000 }, (_, row) => `${row},boss\n`).join('')}`

/** Sends rows and, once they have been read and more is waited for, a signal. */
export const interrupt =
  (signal: NodeJS.Signals) =>
  (child: ChildProcess): void => {
    child.stdin!.write(ROWS, () => child.kill(signal))
  }

/** An environment in which the command says so on standard error, once it listens for a signal. */
export const tellingWhenItHears = (signal: NodeJS.Signals) => ({
  NODE_OPTIONS: `--import=data:text/javascript,process.on('newListener',(name)=>name==='${signal}'&&setImmediate(()=>console.error(name)))`,
})

export function winnow(
  args: readonly string[],
  { input, isOpen = false, whileRunning, env }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env: { ...process.env, NO_COLOR: '1', ...env } })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.on('error', () => {}) // it may end without reading
  if (!isOpen) child.stdin.end(input)
  whileRunning?.(child)
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) as unknown }))
  })
}

export const DEFINITION = `winnow: 1
name: Test shop
attributes:
  role: { type: choice, of: [boss, user], label: Job, question: What do you do? }
  size: { type: number, about: account }
activities:
  visit: { from: page }
  demo: { from: form, where: { form: demo } }
personas:
  decider: { when: { attribute: role, is: boss } }
scores:
  fit:
    groups:
      person: { criteria: [{ id: role, table: role, values: { boss: 60, user: 20 }, unknown: 10 }] }
      company: { cap: 30, criteria: [{ id: size, table: size, bins: [{ below: 10, points: 10 }, { points: 40 }] }] }
  interest:
    decay: { half_life: 7d }
    groups:
      acts: { criteria: [{ id: visits, each: visit, points: 10 }, { id: demos, each: demo, points: 50 }] }
categories:
  temperature:
    levels:
      - hot: { when: { score: interest, at_least: 40 }, stays_while: { score: interest, at_least: 30 } }
      - cold: {}
stages:
  - { id: lead }
  - { id: mql, label: MQL, enter: { all: [{ category: temperature, is: hot }, { score: fit, at_least: 50 }] }, sla: 1d }
  - { id: customer, by: win }
  - { id: lost, by: [lose, disqualify] }
  - { id: later, by: [recycle, reject] }
playbooks:
  call: { when: { category: temperature, is: hot }, title: Call today, steps: [Call.] }
examples:
  - name: A boss who asks for a demo
    as_of: 2026-03-01T00:00:00Z
    facts: [{ attributes: { role: boss } }, { activity: form, properties: { form: demo } }]
    expect: { scores: { fit: 60, interest: 50 }, stage: mql }
`

const at = (day: number, hour = 10) => `2026-03-${String(day).padStart(2, '0')}T${hour}:00:00Z`

/** Three leads: ada is won, bob is lost, cy cools down. */
export const FACTS = [
  { kind: 'attribute', id: 'a1', at: at(1), lead: 'ada', name: 'role', value: 'boss' },
  { kind: 'link', id: 'a2', at: at(1), lead: 'ada', account: 'acme' },
  { kind: 'account_attribute', id: 'a3', at: at(1), account: 'acme', name: 'size', value: 50 },
  { kind: 'activity', id: 'a4', at: at(3), lead: 'ada', type: 'form', properties: { form: 'demo' } },
  { kind: 'decision', id: 'a5', at: at(9), lead: 'ada', decision: 'win', amount: 900 },
  { kind: 'activity', id: 'b1', at: at(2), lead: 'bob', type: 'page', properties: {} },
  { kind: 'decision', id: 'b2', at: at(10), lead: 'bob', decision: 'lose', reason: 'price' },
  { kind: 'attribute', id: 'c1', at: at(4), lead: 'cy', name: 'role', value: 'boss' },
  { kind: 'activity', id: 'c2', at: at(4), lead: 'cy', type: 'form', properties: { form: 'demo' } },
]
  .map((fact) => `${JSON.stringify(fact)}\n`)
  .join('')

export const definitionFile = write('definition.yaml', DEFINITION)
export const factsFile = write('facts.jsonl', FACTS)
