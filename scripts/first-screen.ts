/**
 * The scripts of the first screen in one file: eighty small ones are a tenth larger as they travel. What is in it is asked of a
 * first build that writes nothing; imports alone do not tell, for a library's index imports all that it offers.
 */
import { build, type Rolldown } from 'vite'

/** @returns a group of chunks for the bundler: whatever the shell and the queue, which comes with it, need before they are shown */
export async function firstScreen(root: string): Promise<{ name: string; test: (id: string) => boolean }> {
  const { output } = (await build({ root, logLevel: 'error', build: { write: false } })) as Rolldown.RolldownOutput
  const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]))
  const needed = new Set<Rolldown.OutputChunk>()
  const need = (chunk: unknown) => {
    if (!isChunk(chunk) || needed.has(chunk)) return
    needed.add(chunk)
    chunk.imports.forEach((name) => need(chunks.get(name)))
  }
  for (const chunk of chunks.values()) {
    if (isChunk(chunk) && chunk.isEntry) need(chunk)
  }
  const modules = new Set([...needed].flatMap(({ moduleIds }) => moduleIds))
  return { name: 'first', test: (id) => modules.has(id) }
}

const isChunk = (chunk: unknown): chunk is Rolldown.OutputChunk =>
  typeof chunk === 'object' && chunk !== null && 'type' in chunk && chunk.type === 'chunk'
