/** The real client of browsers, as it is published, on a page of another origin. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { startWinnow, type RunningWinnow } from './running-winnow.ts'

test.describe.configure({ mode: 'serial' }) // one server for all
test.use({
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36',
})

const CLIENT = readFileSync(join(import.meta.dirname, '../node_modules/@segment/analytics-next/dist/umd/index.js'))

let winnow: RunningWinnow
let site: Server
let origin: string

test.beforeAll(async () => {
  test.setTimeout(120_000)
  winnow = await startWinnow()
  site = createServer((request, response) => {
    const isClient = request.url === '/analytics.js'
    response.setHeader('content-type', isClient ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(
      isClient
        ? CLIENT
        : '<!doctype html><html lang="en"><title>Pricing</title><script src="/analytics.js"></script></html>',
    )
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  origin = `http://localhost:${(site.address() as AddressInfo).port}`
})
test.afterAll(async () => {
  site.close()
  await winnow.stop()
})

interface Client {
  readonly page: (name?: string) => Promise<unknown>
  readonly identify: (id: string, traits: object) => Promise<unknown>
  readonly track: (event: string, properties?: object) => Promise<unknown>
  readonly group: (id: string, traits: object) => Promise<unknown>
  readonly user: () => Promise<{ anonymousId: () => string }>
}
interface Loader {
  readonly AnalyticsBrowser: { load: (settings: object, options?: object) => Client }
}
declare const AnalyticsNext: Loader
declare const analytics: Client

const PAGE = '/pricing?utm_source=news&utm_medium=mail&utm_campaign=spring'

async function openSite(page: Page, delivery: object = {}): Promise<void> {
  await page.goto(`${origin}${PAGE}`, { referer: 'http://search.example/' })
  const segment = { apiKey: winnow.writeKey, apiHost: `${new URL(winnow.url).host}/v1`, protocol: 'http', ...delivery }
  await page.evaluate(
    ({ writeKey, segment }) => {
      const cdnSettings = { integrations: { 'Segment.io': segment } }
      Object.assign(globalThis, { analytics: AnalyticsNext.AnalyticsBrowser.load({ writeKey, cdnSettings }) })
    },
    { writeKey: winnow.writeKey, segment },
  )
}

const query = async <Row extends object>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await winnow.database.pool.query<Row>(text, values)).rows

interface Activity {
  readonly type: string
  readonly properties: Readonly<Record<string, unknown>>
}

const activitiesOf = (userId: string) =>
  query<Activity>(
    `select a.type, a.properties from identity i join lead l using (lead_id)
       join lead r on r.lead_id = l.lead_id or r.merged_into = l.lead_id or r.lead_id = l.merged_into
       join activity a on a.lead_id = r.lead_id
     where i.kind = 'user' and i.value = $1 order by a.type`,
    userId,
  )

test('page, track, identify and group arrive, one request each', async ({ page }) => {
  await openSite(page)
  const replies: number[] = []
  page.on('response', (response) => {
    if (response.url().startsWith(winnow.url) && response.request().method() === 'POST') replies.push(response.status())
  })
  await page.evaluate(async () => {
    await analytics.page('Pricing')
    await analytics.track('Demo Requested', { seats: 40, note: 'Zoë 🎉' })
    await analytics.identify('mara', { email: 'mara@brightmill.example', jobTitle: 'CTO' })
    await analytics.group('bm', { employees: 240 })
  })
  await expect.poll(() => replies).toEqual([200, 200, 200, 200])

  expect(await activitiesOf('mara')).toMatchObject([
    { type: 'Demo Requested', properties: { seats: 40, note: 'Zoë 🎉' } },
    {
      type: 'page',
      properties: { name: 'Pricing', path: '/pricing', title: 'Pricing', url: expect.stringContaining(PAGE) },
    },
  ])
  const [lead] = await query(
    `select l.attributes, l.first_touch, a.attributes as company from identity i join lead l using (lead_id)
       left join account a using (account_id) where i.kind = 'user' and i.value = 'mara'`,
  )
  expect(lead).toMatchObject({
    attributes: { email: 'mara@brightmill.example', job_title: 'CTO' },
    first_touch: { source: 'news', medium: 'mail', campaign: 'spring', referrer: 'http://search.example/' },
    company: { employees: 240 },
  })
})

test('batches arrive, also the one that is sent when the page is left', async ({ page }) => {
  await openSite(page, { deliveryStrategy: { strategy: 'batching', config: { size: 3, timeout: 60_000 } } })
  await page.evaluate(async () => {
    await analytics.identify('ben', {})
    for (let count = 1; count <= 4; count++) await analytics.track(`Step ${count}`)
  })
  await expect.poll(() => activitiesOf('ben')).toHaveLength(2)
  await page.goto('about:blank')
  await expect
    .poll(async () => (await activitiesOf('ben')).map(({ type }) => type))
    .toEqual(['Step 1', 'Step 2', 'Step 3', 'Step 4'])
})

test('what the server could not take is sent again, and counts once', async ({ page }) => {
  let refusals = 0
  await page.route(`${winnow.url}/v1/t`, async (route) => {
    const reply = await route.fetch()
    // The first time it was stored, and the client hears nothing of it; the second time it is told to wait.
    if (route.request().method() !== 'POST' || refusals === 2) return route.fulfill({ response: reply })
    refusals += 1
    const headers = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' }
    if (refusals === 1) return route.abort()
    return route.fulfill({ status: 429, headers: { ...headers, 'retry-after': '1' } })
  })
  await openSite(page)
  await page.evaluate(async () => {
    await analytics.identify('cara', {})
    await analytics.track('Once')
  })
  await expect.poll(() => refusals, { timeout: 20_000 }).toBe(2)
  await page.waitForResponse((response) => response.url().endsWith('/v1/t') && response.status() === 200)
  expect(await activitiesOf('cara')).toHaveLength(1)
})

test('a headless browser that says so is left out', async ({ browser }) => {
  const page = await (await browser.newContext({ userAgent: 'Mozilla/5.0 HeadlessChrome/153.0.0.0' })).newPage()
  await openSite(page)
  const reply = page.waitForResponse(`${winnow.url}/v1/t`)
  await page.evaluate(() => analytics.track('Crawled'))
  expect(await (await reply).json()).toMatchObject({ success: true, messages: [{ status: 'ignored', code: 'bot' }] })
  await page.context().close()
})

test('cookies are neither set nor wanted', async ({ page, context }) => {
  await openSite(page)
  await page.evaluate(() => analytics.track('Plain'))
  const { host } = new URL(winnow.url)
  expect((await context.cookies(winnow.url)).filter(({ domain }) => host.startsWith(domain))).toEqual([])
})
