/**
 * After an install: makes sure that npm scripts find the project's own Node, in node_modules/.bin.
 *
 * npm 11 links it. npm 10 links it too, then removes the same link again while it clears away the Nodes of the other
 * platforms. This is plain JavaScript because the machine's Node, which may be an old one, has to run it.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const link = join(root, 'node_modules/.bin/node')
const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const names = Object.keys(optionalDependencies).filter((name) => name.endsWith(`-${process.platform}-${process.arch}`))
const name = names.find((candidate) => existsSync(join(root, 'node_modules', candidate, 'bin/node')))

if (name !== undefined && !existsSync(link)) {
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(join('..', name, 'bin/node'), link)
}
if (name === undefined && Number.parseInt(process.versions.node, 10) < 26) {
  console.error(`No Node comes with Winnow for ${process.platform}-${process.arch}: it needs Node 26 installed there.`)
}
