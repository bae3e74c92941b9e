/**
 * Installs what only the benchmarks need (bench/package.json) beside them, once. Kept out of the product's install,
 * which stays small; the message goes to stderr, so that `npm run bench -- --json` prints nothing but its array.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../bench')

interface Manifest {
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
}

function readManifest(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest
  } catch {
    return undefined // not installed
  }
}

const wanted = Object.entries(readManifest(join(folder, 'package.json'))?.dependencies ?? {})
const missing = wanted.filter(
  ([name, version]) => readManifest(join(folder, 'node_modules', name, 'package.json'))?.version !== version,
)

if (missing.length > 0) {
  const names = missing.map(([name, version]) => `${name} ${version}`).join(', ')
  console.error(`Installing the programs the benchmarks compare with, into bench/node_modules: ${names}`)
  const { status } = spawnSync('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) {
    console.error('They could not be installed: is the npm registry reachable? Run `npm ci --prefix bench` to see why.')
    process.exitCode = 1
  }
}
