/** What a page has to fetch before it can assess a lead or lint a definition. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { minifySync } from 'vite'
import { bundleForBrowser } from './bundle-for-browser.ts'

const ENTRY = join(import.meta.dirname, '../packages/engine/src/index.ts')

/** What no page fetches: the server makes examples of leads. */
const SERVER = [/\/src\/pin\//]
/** What only backtests need, and whoever shows their figures. */
const PROOF = [/\/src\/(?:backtest|stats)\//]

/**
 * Most kilobytes, minified and zipped, of all that assesses, explains, parses and lints; `yaml` and `re2js` are what they add to it.
 * `proof` is what backtests add.
 */
const BUDGET_KB = { whole: 162, own: 85, re2js: 49, yaml: 32, proof: 22 } as const

test('the engine keeps to its budget of kilobytes', async () => {
  const whole = await kilobytes(PROOF)
  const sizes = {
    whole,
    own: await kilobytes([...PROOF, 're2js', 'yaml']),
    re2js: whole - (await kilobytes([...PROOF, 're2js'])),
    yaml: whole - (await kilobytes([...PROOF, 'yaml'])),
    proof: (await kilobytes([])) - whole,
  }

  const told = Object.entries(sizes).map(([part, size]) => `${part} ${size.toFixed(1)} kB`)
  console.log(`the engine, minified and zipped: ${told.join(', ')}`)
  for (const part of ['whole', 'own', 're2js', 'yaml', 'proof'] as const)
    expect.soft(sizes[part], part).toBeLessThan(BUDGET_KB[part])
  expect(sizes.own).toBeGreaterThan(BUDGET_KB.own / 2) // otherwise the budget is no budget, or the bundle no bundle
})

async function kilobytes(without: readonly (string | RegExp)[]): Promise<number> {
  const bundle = await bundleForBrowser(ENTRY, { without: [...SERVER, ...without] })
  return gzipSync(minifySync('engine.js', bundle, { module: true }).code).length / 1000
}
