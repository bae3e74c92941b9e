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

test('what the queue asks first is asked once, before its scripts are there', async ({ winnow }) => {
  const page = await winnow.as('sales', '/healthz')
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto('/queue')
  await page.getByRole('list', { name: 'Leads to call' }).locator('> li').first().waitFor()
  for (const path of ['/api/queue', '/api/session', '/api/definitions/outline'])
    expect([path, asked.filter((each) => each === path).length]).toEqual([path, 1])
})
