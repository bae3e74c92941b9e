/**
 * Keeps the lock file installable anywhere. npm writes only the platform packages of the machine it ran on when it
 * reuses an old tree, and a lock file with such a hole installs here and fails on the next machine.
 *
 * Usage: node scripts/check-lockfile.ts   (part of `npm run lint`)
 */
import { readFileSync } from 'node:fs'

interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly inBundle?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

const EXACT = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/

/** Where Node would look for `name` when the package at `from` asks for it, nearest first. */
function candidates(from: string, name: string): string[] {
  const found = [`${from}${from === '' ? '' : '/'}node_modules/${name}`]
  for (let path = from; path.includes('/');) {
    path = path.slice(0, path.lastIndexOf('/'))
    if (!path.endsWith('node_modules')) found.push(`${path}/node_modules/${name}`)
  }
  found.push(`node_modules/${name}`)
  return found
}

function problemsOf(file: string): string[] {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as Lockfile
  const problems: string[] = []
  const problem = (path: string, message: string): void => {
    problems.push(`${file}: ${path === '' ? 'the root package' : path}: ${message}`)
  }
  const workspaces = new Set(Object.values(packages).map((locked) => (locked.link ? locked.resolved : undefined)))

  for (const [path, locked] of Object.entries(packages)) {
    const isOurs = path === '' || workspaces.has(path)
    const needed = { ...locked.dependencies, ...locked.optionalDependencies, ...(isOurs ? locked.devDependencies : {}) }

    for (const [name, range] of Object.entries(needed)) {
      if (isOurs && !EXACT.test(range)) problem(path, `${name} is asked for as \`${range}\`; pin one exact version`)
      const place = candidates(path, name).find((candidate) => candidate in packages)
      if (place === undefined) {
        problem(path, `${name} ${range} is missing from the lock file; delete node_modules and install again`)
        continue
      }
      const version = packages[place]?.version
      if (version !== undefined && EXACT.test(range) && version !== range && !isOverridden(name)) {
        problem(path, `${name} is locked at ${version}, not at ${range}`)
      }
    }
    if (locked.resolved !== undefined && !locked.link) problem(path, 'names a download address; see .npmrc')
    if (!isOurs && !locked.link && !locked.inBundle && locked.integrity === undefined) problem(path, 'has no integrity')
  }
  return problems
}

function isOverridden(name: string): boolean {
  return JSON.stringify(manifest.overrides ?? {}).includes(JSON.stringify(name))
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly overrides?: unknown }
const problems = ['package-lock.json', 'bench/package-lock.json'].flatMap(problemsOf)
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
