/** Builds the web app where something that goes into it is newer than what was built. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { firstScreen } from './first-screen.ts'

const ROOT = join(import.meta.dirname, '..')
const WEB = join(ROOT, 'packages/web')
const GOES_IN = [
  'packages/web/src',
  'packages/web/index.html',
  'packages/web/vite.config.ts',
  'packages/web/build',
  'packages/contract/src',
  'packages/engine/src',
  'examples/starter.yaml',
  'package-lock.json',
]

const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity

/** Of a file, or of the newest in a folder. */
function newest(path: string): number {
  if (!statSync(path).isDirectory()) return changedAt(path)
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return Math.max(...files.map((file) => changedAt(join(path, file))))
}

if (Math.max(...GOES_IN.map((path) => newest(join(ROOT, path)))) > changedAt(join(WEB, 'dist/index.html'))) {
  console.log('building the web app…')
  const groups = [{ ...(await firstScreen(WEB)), includeDependenciesRecursively: false }]
  await build({ root: WEB, logLevel: 'warn', build: { rolldownOptions: { output: { codeSplitting: { groups } } } } })
}
