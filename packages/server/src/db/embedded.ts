/** A PostgreSQL of our own: real, durable, in the data folder, reachable from this machine with a generated password only. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { ServerError } from '../errors.ts'
import { LOCKS } from './locks.ts'
import { findLauncher, type Launcher } from './binaries.ts'

export interface Embedded {
  readonly url: string
  /** True where a server was found running that a killed Winnow had left behind. */
  readonly wasAdopted: boolean
  /** Settled when PostgreSQL has ended without being asked to. */
  readonly ended: Promise<void>
  readonly stop: () => Promise<void>
}

export interface EmbeddedOptions {
  /** Only for tests: data that need not survive a power cut. */
  readonly isDurable?: boolean
}

const MAJOR = 18
const USER = 'winnow'
const START_MS_MAX = 60_000

/**
 * Starts the server of `folder`, making it first where there is none, and holds the folder until `stop`.
 * @throws ServerError `data_folder_busy`, `data_folder_unreachable`, `data_folder_version`, `postgres_unavailable`, `postgres_failed`
 */
export async function startEmbedded(folder: string, { isDurable = true }: EmbeddedOptions = {}): Promise<Embedded> {
  await makeFolder(folder)
  const cluster = join(folder, 'postgres')
  const launcher = await findLauncher(folder)
  await prepareCluster(launcher, folder, cluster)
  const server = await adoptOrLaunch(launcher, { folder, cluster, isDurable })
  const url = await urlOf(cluster, server.port)
  const owner = await takeFolder(url, folder)
  let isStopping = false
  const ended = untilGone(server.pid).then(() => (isStopping ? new Promise<void>(() => {}) : undefined))
  return {
    url,
    wasAdopted: server.wasAdopted,
    ended,
    stop: async () => {
      isStopping = true
      await owner.end().catch(() => {})
      await stopServer(server.pid)
    },
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const probe = join(folder, '.probe')
    await writeFile(probe, '')
    await rm(probe)
  } catch (error) {
    throw new ServerError('data_folder_unreachable', `cannot write into ${folder}: ${(error as Error).message}`)
  }
}

/** Makes the cluster aside and moves it into place whole, so that a kill in the middle leaves nothing half-made. */
async function prepareCluster(launcher: Launcher, folder: string, cluster: string): Promise<void> {
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version !== undefined) {
    if (Number(version) === MAJOR) return
    throw new ServerError('data_folder_version', `${folder} was made by PostgreSQL ${version.trim()}, not ${MAJOR}`)
  }
  const making = `${cluster}.making.${process.pid}`
  const password = randomBytes(24).toString('base64url')
  const passwordFile = join(folder, `password.${process.pid}`)
  await mkdir(making, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  try {
    if (launcher.account) for (const path of [making, passwordFile]) await give(path, launcher.account)
    const args = ['-D', making, '-U', USER, '-A', 'scram-sha-256', '--pwfile', passwordFile]
    await runToEnd(launcher, 'initdb', [...args, '-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'])
    await rename(passwordFile, join(making, 'winnow-password'))
    await rename(making, cluster)
  } finally {
    await rm(making, { recursive: true, force: true })
    await rm(passwordFile, { force: true })
  }
}

const give = (path: string, { uid, gid }: { uid: number; gid: number }) => chown(path, uid, gid)

async function runToEnd(launcher: Launcher, program: 'initdb', args: readonly string[]): Promise<void> {
  const command = launcher.command(program, args)
  const child = spawn(command.file, command.args, { ...launcher.account, stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' })
  let said = ''
  child.stdout.on('data', (piece: Buffer) => (said += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()))
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new ServerError('postgres_failed', `${program} ended with ${code}:\n${said.slice(-2000)}`)
}

interface Running {
  readonly pid: number
  readonly port: number
  readonly isReady: boolean
}

/** The server whose process lives, as `postmaster.pid` tells: left over by a Winnow that was killed, or used by another. */
async function runningServer(cluster: string): Promise<Running | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , port, , , , status] = text.split('\n')
  if (!pid || !port || !isAlive(Number(pid)) || !(await isPostgres(Number(pid)))) return undefined
  return { pid: Number(pid), port: Number(port), isReady: status?.trim() === 'ready' }
}

/** Where the server of a data folder that is in use can be reached; for tools beside it. */
export async function runningUrl(folder: string): Promise<string | undefined> {
  const cluster = join(folder, 'postgres')
  const running = await runningServer(cluster)
  return running && urlOf(cluster, running.port)
}

/**
 * Whether the process is a PostgreSQL that runs, where the system tells: process ids are used again, after a restart of the
 * machine at the latest, and a killed process stays on the list until its parent has heard of it.
 */
async function isPostgres(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  const [, command, state] = /^\d+ \((.*)\) (\S)/s.exec(text ?? '') ?? []
  return command === undefined || (command === 'postgres' && state !== 'Z')
}

/** Whether there is a process of this number, whosever it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What is left of a server that was killed: it goes by itself within moments, and must be gone before another may begin. */
const REMAINS =
  /pre-existing shared memory block|could not bind|Address already in use|lock file "[^"]*" already exists/

async function adoptOrLaunch(
  launcher: Launcher,
  options: LaunchOptions,
): Promise<Running & { readonly wasAdopted: boolean }> {
  const started = performance.now()
  for (;;) {
    const running = await runningServer(options.cluster)
    if (running?.isReady) return { ...running, wasAdopted: true }
    try {
      // One that is starting, after a kill of its owner: it will be ready, or gone.
      if (running === undefined) return { ...(await launch(launcher, options)), wasAdopted: false }
    } catch (error) {
      if (!REMAINS.test(String(error)) || performance.now() - started > START_MS_MAX) throw error
    }
    if (performance.now() - started > START_MS_MAX) throw await startFailure(options.folder, 0)
    await sleep(100)
  }
}

interface LaunchOptions {
  readonly folder: string
  readonly cluster: string
  readonly isDurable: boolean
}

/** A sixteenth of the memory there is, for pages of tables: what of them is used again soon need not be written and read in between. */
function pagesMb(): number {
  const available = Math.min(totalmem(), process.constrainedMemory() || Infinity)
  return Math.round(Math.min(1024, Math.max(128, available / 2 ** 20 / 16)))
}

/** The log of changes is not kept for long where it may lie in memory. */
const PASSING = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '256MB',
  min_wal_size: '80MB',
  max_wal_size: '1GB',
}

async function launch(launcher: Launcher, { folder, cluster, isDurable }: LaunchOptions): Promise<Running> {
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: `${pagesMb()}MB`,
    min_wal_size: '1GB', // files that have been written before: in a new one each commit waits for the file system as well
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    wal_init_zero: 'off', // else whoever comes to a new file of the log waits until 16 MB are written
    random_page_cost: 1.1, // disks without moving parts
    jit: 'off', // statements are short
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_error_verbosity: 'terse', // details hold values
    ...(isDurable ? {} : PASSING),
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const command = launcher.command('postgres', ['-D', cluster, ...args])
  const log = await open(join(folder, 'postgres.log'), 'a', 0o600)
  const { size: logged } = await log.stat()
  // Detached: Ctrl-C goes to the whole group, and the database must outlive the requests that are being finished.
  const child = spawn(command.file, command.args, {
    ...launcher.account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  await log.close()
  child.unref()
  let hasEnded = false
  child.on('error', () => (hasEnded = true)).on('exit', () => (hasEnded = true))
  const started = performance.now()
  while (performance.now() - started < START_MS_MAX) {
    const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
    const lines = text.split('\n')
    if (Number(lines[3]) === port && lines[7]?.trim() === 'ready') return { pid: Number(lines[0]), port, isReady: true }
    if (hasEnded) break
    await sleep(20)
  }
  throw await startFailure(folder, logged)
}

/** @param logged  bytes of the log from before */
async function startFailure(folder: string, logged: number): Promise<ServerError> {
  const log = await readFile(join(folder, 'postgres.log')).catch(() => Buffer.alloc(0))
  const last = log.subarray(logged).toString().slice(-2000)
  return new ServerError('postgres_failed', `PostgreSQL did not start:\n${last}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function urlOf(cluster: string, port: number): Promise<string> {
  const password = await readFile(join(cluster, 'winnow-password'), 'utf8')
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`
}

/**
 * Holds the folder with a lock inside its own database: it falls the moment its holder dies, however it dies, so that a
 * server left behind by a killed Winnow is told from one in use.
 */
async function takeFolder(url: string, folder: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'winnow owner', keepAlive: true })
  client.on('error', () => {}) // told by `ended`
  await client.connect()
  for (let attempt = 0; attempt < 20; attempt++) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCKS.owner])
    if (rows[0]?.taken) return client
    await sleep(100) // the database may not yet have noticed that the holder died
  }
  await client.end()
  throw new ServerError('data_folder_busy', `another Winnow is using ${folder}`)
}

/** Fast shutdown: sessions are ended, everything is written. */
async function stopServer(pid: number): Promise<void> {
  if (!isAlive(pid)) return
  process.kill(pid, 'SIGINT')
  const started = performance.now()
  while (isAlive(pid) && (await isPostgres(pid))) {
    if (performance.now() - started > 30_000) process.kill(pid, 'SIGQUIT')
    await sleep(10)
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid) && (await isPostgres(pid))) await sleep(1000, undefined, { ref: false })
}
