/** What is done to the files of the web app when Vite has written them. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzipSync } from 'node:zlib'
import { PurgeCSS } from 'purgecss'

const brotli = promisify(brotliCompress)

interface File {
  readonly path: string
  readonly text: string
}

const read = (folder: string, ending: RegExp): File[] =>
  readdirSync(folder)
    .filter((name) => ending.test(name))
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }))

/** Drops the rules of components that no script names: Mantine's sheet has those of all that it offers. */
export async function dropUnusedStyles(folder: string): Promise<void> {
  const assets = join(folder, 'assets')
  const content = read(assets, /\.js$/).map(({ text }) => ({ raw: text, extension: 'js' }))
  for (const { path, text } of read(assets, /\.css$/)) {
    const [purged] = await new PurgeCSS().purge({
      content,
      css: [{ raw: text }],
      defaultExtractor: (script) => script.match(/[\w-]+/g) ?? [],
      safelist: [/^(?!m_)/], // only classes of Mantine's components are called `m_…`
    })
    writeFileSync(path, purged!.css)
    rename(folder, path, path.replace(/-[\w-]{8}\.css$/, `-${hash(purged!.css)}.css`))
  }
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 8)
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** Browsers keep a file for ever by its name, which therefore has to change with what is in it. */
function rename(folder: string, from: string, to: string): void {
  renameSync(from, to)
  for (const { path, text } of [...read(folder, /\.html$/), ...read(join(folder, 'assets'), /\.js$/)]) {
    const changed = text.replaceAll(nameOf(from), nameOf(to))
    if (changed !== text) writeFileSync(path, changed)
  }
}

/** Written once here instead of packed with every reply. Brotli is a seventh smaller; not every browser takes it. */
export async function pack(folder: string): Promise<void> {
  const packed = read(join(folder, 'assets'), /\.(?:js|css|svg)$/).map(async ({ path, text }) => {
    writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }))
    writeFileSync(`${path}.br`, await brotli(text))
  })
  await Promise.all(packed)
}
