/**
 * A Chromium for the browser tests that needs no download beside `npm ci`: the one packed in @sparticuz/chromium,
 * unpacked once into node_modules/.cache. Its own `args` and its unpacking into a shared temporary folder are not
 * used: they are made for one cloud function at a time, and two test runs would write over each other.
 */
import { spawnSync } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'

export interface Browser {
  /** `undefined` leaves the choice to Playwright, which then asks for `npx playwright install chromium`. */
  readonly executablePath: string | undefined
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
}

const ARGS = [
  '--no-sandbox', // containers and root
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage', // /dev/shm is 64 MB in a container
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
]

const SYSTEM_CHROMIUM = '/usr/bin/chromium'
const ROOT = join(import.meta.dirname, '..')
const PACKAGE = join(ROOT, 'node_modules/@sparticuz/chromium')

export async function chromium(): Promise<Browser> {
  const packed = process.platform === 'linux' && process.arch === 'x64' ? await packedChromium() : undefined
  if (packed !== undefined) return packed
  return { executablePath: existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined, env: ownEnv(), args: ARGS }
}

async function packedChromium(): Promise<Browser | undefined> {
  const folder = await unpacked()
  const executablePath = join(folder, 'chromium')
  const env: Record<string, string> = { ...ownEnv(), FONTCONFIG_PATH: folder }
  if (missingLibraries(executablePath, env).length === 0) return { executablePath, env, args: ARGS }

  const libraries = [join(folder, 'lib'), process.env['LD_LIBRARY_PATH'] ?? ''].filter((path) => path !== '').join(':')
  const withLibraries = { ...env, LD_LIBRARY_PATH: libraries }
  const missing = missingLibraries(executablePath, withLibraries)
  if (missing.length === 0) return { executablePath, env: withLibraries, args: ARGS }
  if (!existsSync(SYSTEM_CHROMIUM))
    throw new Error(`Chromium lacks ${missing.join(', ')}; install them or ${SYSTEM_CHROMIUM}`)
  return undefined
}

/** The folder of this version, unpacked aside and renamed, so that a half-written one is never taken for whole. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { readonly version: string }
  const folder = join(ROOT, 'node_modules/.cache', `chromium-${version}`)
  if (existsSync(folder)) return folder

  const aside = `${folder}.${process.pid}`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true })
  await Promise.all([
    inflate('chromium.br', join(aside, 'chromium')),
    inflate('al2023.tar.br', join(aside, 'libraries.tar')),
    inflate('fonts.tar.br', join(aside, 'fonts.tar')),
  ])
  untar(join(aside, 'libraries.tar'), aside)
  untar(join(aside, 'fonts.tar'), aside)
  writeFileSync(join(aside, 'fonts.conf'), fontsConfig(folder)) // the packed one names folders of a cloud function
  try {
    renameSync(aside, folder)
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    if (!existsSync(folder)) throw error // otherwise another run was first, with the same files
  }
  return folder
}

async function inflate(name: string, target: string): Promise<void> {
  const source = createReadStream(join(PACKAGE, 'bin', name))
  await pipeline(source, createBrotliDecompress(), createWriteStream(target, { mode: 0o755 }))
}

function untar(file: string, folder: string): void {
  const { status, stderr } = spawnSync('tar', ['-xf', file, '-C', folder, '--no-same-owner'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tar could not unpack ${file}: ${stderr}`)
  rmSync(file)
}

/** The same fonts on every machine: the packed ones, and the machine's own only for scripts they lack. */
function fontsConfig(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
  <match target="pattern"><edit name="family" mode="append_last"><string>Open Sans</string></edit></match>
</fontconfig>
`
}

function missingLibraries(executable: string, env: Readonly<Record<string, string>>): string[] {
  const { status, stdout } = spawnSync('ldd', [executable], { encoding: 'utf8', env })
  if (status !== 0) return ['a working ldd']
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, library = '']) => library)
}

function ownEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
