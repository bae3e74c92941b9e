/** What a browser fetches before it shows the first screen. */
import { expect, test } from './test.ts'

/** Kilobytes of scripts and styles as they travel, packed. */
const BUDGET_KB = 250

test('the first screen keeps to its budget of kilobytes', async ({ winnow }) => {
  const page = await winnow.as('sales', '/healthz')
  let bytes = 0
  page.on('requestfinished', (request) => {
    if (['script', 'stylesheet'].includes(request.resourceType()))
      void request.sizes().then(({ responseBodySize }) => (bytes += responseBodySize))
  })
  await page.goto('/queue', { waitUntil: 'networkidle' }).catch(() => {}) // a stream of changes stays open
  await page.waitForTimeout(500)
  console.log(`the first screen fetches ${(bytes / 1000).toFixed(0)} kB of scripts and styles`)
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes / 1000).toBeLessThan(BUDGET_KB)
})
