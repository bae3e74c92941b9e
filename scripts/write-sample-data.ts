/** Writes the sample companies' leads and facts beside their definitions. The same every time. */
import { readFileSync, writeFileSync } from 'node:fs'
import { sampleFiles, STORIES } from './sample-data/files.ts'

for (const name of Object.keys(STORIES) as (keyof typeof STORIES)[]) {
  const folder = new URL(`../examples/${name}/`, import.meta.url)
  const files = sampleFiles(name, readFileSync(new URL('definition.yaml', folder), 'utf8'))
  for (const [file, text] of Object.entries(files)) writeFileSync(new URL(file, folder), text)
}
