/** The web app as somebody on a slow telephone line meets it, and as a day of clicking and scrolling through many leads finds it. */
import { chromium as playwright, type Browser, type BrowserContext } from '@playwright/test'
import { hashPassword } from '../../packages/server/src/access/passwords.ts'
import { addPerson } from '../../packages/server/src/access/people.ts'
import { openDatabase } from '../../packages/server/src/db/database.ts'
import { chromium } from '../../scripts/chromium.ts'
import { median, quantile, type Line } from '../measure.ts'
import { newFolder, removeFolder, whileServing, type Served } from '../server/process.ts'
import { line } from '../server/timed.ts'
import { goTo, largestPaint, scrollAbout } from './page.ts'

const ADMIN = { name: 'Ada Bench', email: 'ada@bench.example', password: 'a long enough password' }
const LOADS = 7
const ROUNDS = 15
const LEADS = 100_000

/** Lighthouse's telephone: a slow mobile network, and a processor a quarter as fast. */
const SLOW = { latency: 150, downloadThroughput: (1.6e6 / 8) * 0.9, uploadThroughput: (750e3 / 8) * 0.9 }
const SLOWER_BY = 4

export async function web(): Promise<Line[]> {
  await import('../../scripts/build-web.ts')
  const folder = await newFolder()
  const { executablePath, env, args } = await chromium()
  const path = executablePath === undefined ? {} : { executablePath }
  const browser = await playwright.launch({ env, args: [...args], ...path })
  try {
    return await whileServing(folder, (served) => measureWeb(served, browser))
  } finally {
    await browser.close()
    await removeFolder(folder)
  }
}

async function measureWeb(served: Served, browser: Browser): Promise<Line[]> {
  const session = await signIn(served, browser)
  await loadDemo(session)
  const first = await firstLoads(browser, session)
  const visits = await goAbout(session)
  await fill(served)
  const scrolled = await scrollThrough(session)
  return [
    line('first screen: scripts and styles, packed', first.kilobytes, 'kB', { most: 250 }),
    line('first screen on a slow line: largest paint, median', median(first.paints), 'ms', { most: 2500 }),
    line('first screen on a slow line: largest paint, worst', Math.max(...first.paints), 'ms'),
    line('from place to place, data at hand: median', median(visits), 'ms', { most: 100 }),
    line('from place to place, data at hand: 95 %', quantile(visits, 0.95), 'ms'),
    line(`scrolling ${LEADS / 1000} k leads: longest time without rows`, scrolled.blankMs, 'ms', { most: 100 }),
    line(`scrolling ${LEADS / 1000} k leads: frames, 95 %`, scrolled.frameMs, 'ms'),
  ]
}

interface Session {
  readonly url: string
  readonly context: BrowserContext
}

async function signIn({ pool, port }: Served, browser: Browser): Promise<Session> {
  const database = await openDatabase(pool.options.connectionString!)
  const password = await hashPassword(ADMIN.password)
  await database.db.transaction().execute((tx) => addPerson(tx, { ...ADMIN, role: 'admin', password }, Date.now()))
  await database.close()
  const url = `http://127.0.0.1:${port}`
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1360, height: 860 } })
  const { email, password: words } = ADMIN
  await send(context, { url, path: '/api/session', data: { email, password: words } })
  return { url, context }
}

async function send(
  { request }: BrowserContext,
  { url, path, data }: { url: string; path: string; data: object },
): Promise<void> {
  const reply = await request.post(path, { headers: { origin: url }, data })
  if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`)
}

async function loadDemo({ context, url }: Session): Promise<void> {
  await send(context, { url, path: '/api/demo', data: {} })
  for (let state = ''; state !== 'loaded'; await new Promise((resolve) => setTimeout(resolve, 500))) {
    ;({ state } = (await (await context.request.get('/api/demo')).json()) as { state: string })
    if (state === 'failed' || state === 'cancelled') throw new Error(`the demo company ended as ${state}`)
  }
}

/** The queue with nothing kept from before, on the slow line. */
async function firstLoads(
  browser: Browser,
  { context, url }: Session,
): Promise<{ kilobytes: number; paints: number[] }> {
  const paints: number[] = []
  let kilobytes = 0
  for (let load = 0; load < LOADS; load++) {
    const fresh = await browser.newContext({ baseURL: url, viewport: { width: 390, height: 844 } })
    await fresh.addCookies(await context.cookies())
    const page = await fresh.newPage()
    const devtools = await fresh.newCDPSession(page)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', { offline: false, ...SLOW })
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER_BY })
    const sizes: Promise<number>[] = []
    page.on('requestfinished', (request) => {
      if (['script', 'stylesheet'].includes(request.resourceType()))
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
    })
    await page.goto('/queue')
    await page.locator('main [aria-current]').first().waitFor()
    await page.waitForTimeout(2000) // what is larger may come later
    paints.push(await page.evaluate(largestPaint))
    kilobytes = (await Promise.all(sizes)).reduce((sum, each) => sum + each, 0) / 1000
    await fresh.close()
  }
  return { kilobytes, paints }
}

async function goAbout({ context }: Session): Promise<number[]> {
  const page = await context.newPage()
  await page.goto('/queue')
  await page.locator('main h1').waitFor()
  const times: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    for (const place of ['/leads', '/definition', '/queue']) {
      const ms = await page.evaluate(goTo, place)
      if (round > 0) times.push(ms) // the first time fetches
      await page.waitForTimeout(150)
    }
  }
  await page.close()
  return times
}

/** As if they had been assessed: what a list of them costs does not depend on how they came. */
const fill = ({ pool }: Served) =>
  pool.query(
    `insert into lead (lead_id, circle_id, email, name, attributes, attribute_times, created_at, version, assessed_at, stage,
       stage_since, levels, scores, expected_value)
     select id, id, 'many' || n || '@many.example', 'Many ' || n, '{}', '{}', now() - n * interval '1 minute', 1, now(), 'lead',
       now(), '{"quality":"high"}', '{}', n
     from (select gen_random_uuid() as id, n from generate_series(1, $1) as n) as made`,
    [LEADS],
  )

async function scrollThrough({ context }: Session): Promise<{ blankMs: number; frameMs: number }> {
  const page = await context.newPage()
  await page.goto('/leads')
  await page.locator('tbody a').first().waitFor()
  const { blankMs, frames } = await page.evaluate(scrollAbout)
  await page.close()
  return { blankMs, frameMs: quantile(frames, 0.95) }
}
