/** The engine gives one answer, wherever it runs. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from '@playwright/test'
import { loadCases } from '../conformance/load.ts'
import { bundleForBrowser, openWithBundle } from './bundle-for-browser.ts'
import { doJob, type Answers } from './engine-tasks.ts'
import { doThere, PLACE_NAMES } from './places.ts'

const ROOT = join(import.meta.dirname, '..')
const conformanceFiles: Readonly<Record<string, unknown>> = Object.fromEntries(
  globSync('{cases,definitions}/*.json', { cwd: join(ROOT, 'conformance') }).map((path) => [
    path,
    JSON.parse(readFileSync(join(ROOT, 'conformance', path), 'utf8')),
  ]),
)
const cases = loadCases((path) => conformanceFiles[path])

const SEEDS = Array.from({ length: 300 }, (_, seed) => 200_000 + seed)

/** The examples as they are, cut off in the middle of a text, and with a word misspelled. */
const definitionTexts = globSync('examples/**/{definition,starter}.yaml', { cwd: ROOT }).flatMap((path) => {
  const text = readFileSync(join(ROOT, path), 'utf8')
  return [text, `${text.slice(0, text.length / 2)}\n"`, text.replaceAll('at_least', 'at_leest')]
})
const READING = { task: 'readDefinitions', input: definitionTexts } as const

let bundle: string

test.beforeAll(async () => {
  bundle = await bundleForBrowser(join(import.meta.dirname, 'engine-tasks.ts'))
})

test.beforeEach(({ page }) => openWithBundle(page, bundle))

for (const where of PLACE_NAMES) {
  test(`${where} every conformance case has its answer`, async ({ page }) => {
    const answers = await doThere(where, page, { task: 'answerConformance', input: conformanceFiles })

    const wrong = cases.flatMap(({ area, name, expect: expected }) => {
      const given: unknown = JSON.parse(answers[`${area}: ${name}`] ?? '"no answer"')
      return isDeepStrictEqual(given, expected) ? [] : [{ case: `${area}: ${name}`, expected, given }]
    })
    expect(wrong.slice(0, 10), `${wrong.length} of ${cases.length} cases`).toEqual([])
    expect(cases.length).toBeGreaterThan(700)
  })

  test(`${where} random histories have the same answers as here, to the byte`, async ({ page }) => {
    test.slow() // where other things run beside it
    const seeds = where === 'in a worker thread' ? SEEDS.slice(0, 100) : SEEDS // it is Node there too
    const job = { task: 'answerRandom', input: seeds } as const

    const answers = await doThere(where, page, job)

    expect(differences(answers, doJob(job))).toEqual([])
    expect(Object.keys(answers).length).toBeGreaterThan(10 * seeds.length)
  })

  test(`${where} definitions are read, linted and rendered as here`, async ({ page }) => {
    const read = await doThere(where, page, READING)

    expect(read).toEqual(doJob(READING))
    expect(read.map(({ ok }) => ok)).toEqual(read.map((_, index) => index % 3 === 0)) // only the examples as they are
    expect(read.every(({ ok, issues }) => ok || issues.length > 0)).toBe(true)
  })
}

// What the tests above ran under: no page or worker of theirs could have made code out of text. A thread could, so the
// attempt itself is sound.
for (const where of PLACE_NAMES) {
  const outcome = where === 'in a worker thread' ? 'ran' : 'EvalError'
  test(`${where} text as code: ${outcome}`, async ({ page }) => {
    expect(await doThere(where, page, { task: 'runText', input: '1 + 1' })).toEqual([outcome, outcome])
  })
}

/** The first few; one cause often has a thousand. */
function differences(given: Answers, expected: Answers): readonly unknown[] {
  const questions = new Set([...Object.keys(expected), ...Object.keys(given)])
  return [...questions]
    .filter((question) => given[question] !== expected[question])
    .slice(0, 5)
    .map((question) => ({ question, given: given[question], expected: expected[question] }))
}
