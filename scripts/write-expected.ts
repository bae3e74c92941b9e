/**
 * Writes down what issues, changes and explanations say, and what rendered definitions look like: `node scripts/write-expected.ts`. Tests fail while
 * this is out of date; whoever changes the words reads the difference here.
 */
import { writeFileSync } from 'node:fs'
import { changeCases, toldOf } from '../packages/engine/test/definition/diff-cases.ts'
import { told, toldCases } from '../packages/engine/test/definition/messages.ts'
import { pages } from '../packages/engine/test/definition/pages.ts'
import { writeCircle } from '../packages/engine/src/index.ts'
import { inHex, names, stored } from '../packages/engine/test/running/stored.ts'
import { told as toldOfLead, toldLeads } from '../packages/engine/test/running/told.ts'

const folder = new URL('../packages/engine/test/definition/expected/', import.meta.url)
const write = (file: string, words: object) =>
  writeFileSync(new URL(file, folder), `${JSON.stringify(words, null, 2)}\n`)
write('messages.json', Object.fromEntries(toldCases.map((each) => [each.name, told(each)])))
write('diff.json', Object.fromEntries(changeCases.map((each) => [each.name, toldOf(each)])))
for (const { file, render } of pages) writeFileSync(new URL(file, folder), render())
write('../../running/expected/told.json', Object.fromEntries(toldLeads.map((each) => [each.name, toldOfLead(each)])))
const bytesOf = ({ plan, circle }: ReturnType<typeof stored>) => inHex(writeCircle(plan, circle))
write('../../running/expected/stored.json', Object.fromEntries(names.map((name) => [name, bytesOf(stored(name))])))
