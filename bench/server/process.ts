/** A real server for the benches: the command `winnow serve` in a process of its own, on a new folder, with fsync. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

const MAIN = join(import.meta.dirname, '../../packages/cli/src/main.ts')
const TICKS_PER_SECOND = 100

export interface Served {
  readonly port: number
  readonly folder: string
  /** From the start of the process to the line that says it is ready. */
  readonly readyMs: number
  /** To its database, beside the server. */
  readonly pool: pg.Pool
  /** Seconds of CPU so far, all threads and children. */
  readonly cpu: () => Cpu
  /** Bytes of the Node process. */
  readonly memory: () => { readonly now: number; readonly peak: number }
  readonly stop: () => Promise<void>
}

export interface Cpu {
  readonly server: number
  readonly database: number
  readonly load: number
}

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'winnow-bench-'))
export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })

/** `WINNOW_BENCH_NODE` has arguments for the server's Node: `--cpu-prof`, say. */
export async function serve(folder: string): Promise<Served> {
  const port = await freePort()
  const started = performance.now()
  const args = [...(process.env['WINNOW_BENCH_NODE']?.split(' ') ?? []), MAIN, 'serve']
  const child = spawn(process.execPath, [...args, '--port', String(port), '--data', folder], {
    env: { ...process.env, WINNOW_LOG: 'warn', WINNOW_RATE_CAPTURE: '1000000/s', DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await said(child, 'Winnow is ready')
  const readyMs = performance.now() - started
  const { url, pid } = databaseOf(folder)
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  pool.on('error', () => {}) // its database may be gone before its last connection is
  return {
    port,
    folder,
    readyMs,
    pool,
    cpu: () => ({ server: cpuOf(child.pid!), database: cpuOfTree(pid), load: ownCpu() }),
    memory: () => memoryOf(child.pid!),
    stop: async () => {
      await pool.end()
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Serves on this folder for as long as it takes. */
export async function whileServing<T>(folder: string, run: (served: Served) => Promise<T>): Promise<T> {
  const served = await serve(folder)
  try {
    return await run(served)
  } finally {
    await served.stop()
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout!.on('data', (piece: Buffer) => {
      text += piece.toString()
      if (text.includes(words)) resolve()
    })
    child.once('error', reject).once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${text}`)))
  })
}

function databaseOf(folder: string): { url: string; pid: number } {
  const cluster = join(folder, 'postgres')
  const [pid, , , port] = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  const password = readFileSync(join(cluster, 'winnow-password'), 'utf8')
  return { url: `postgresql://winnow:${password}@127.0.0.1:${port}/postgres`, pid: Number(pid) }
}

// --- What it uses (Linux; elsewhere zeros) ---------------------------------------------------------------------------

interface Stat {
  readonly pid: number
  readonly parent: number
  readonly own: number
  /** Of children that have ended. */
  readonly ended: number
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    return { pid, parent: fields[1]!, own: fields[11]! + fields[12]!, ended: fields[13]! + fields[14]! }
  } catch {
    return undefined
  }
}

const cpuOf = (pid: number) => (statOf(pid)?.own ?? 0) / TICKS_PER_SECOND

function cpuOfTree(root: number): number {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []))
  const ticks = all
    .filter(({ pid, parent }) => pid === root || parent === root)
    .reduce((sum, { pid, own, ended }) => sum + own + (pid === root ? ended : 0), 0)
  return ticks / TICKS_PER_SECOND
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function memoryOf(pid: number): { now: number; peak: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') }
}
