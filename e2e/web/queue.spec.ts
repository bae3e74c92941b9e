import type { Page } from '@playwright/test'
import { NOW, PEOPLE } from './places.ts'
import { expectNoBarriers } from './barriers.ts'
import { expect, test } from './test.ts'

const rows = (page: Page) => page.getByRole('list', { name: 'Leads to call' }).locator('> li')
const nameIn = (page: Page, index: number) => rows(page).nth(index).getByRole('link').first().textContent()

test('the queue is worked by keyboard alone', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  await expect(rows(page).first()).toBeVisible()
  const [first, second, third] = [await nameIn(page, 0), await nameIn(page, 1), await nameIn(page, 2)]

  await page.keyboard.press('r')
  await page.keyboard.press('2')
  await expect(page.getByText(`${first} is rejected: No budget`)).toBeVisible()
  await expect(rows(page).first()).toContainText(second!)
  await page.keyboard.press('z')
  await expect(rows(page).first()).toContainText(first!)
  await expect(rows(page).first()).toHaveAttribute('aria-current', 'true')

  await page.keyboard.press('k')
  await page.keyboard.press('j')
  await expect(rows(page).nth(1)).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press('k')
  await page.keyboard.press('s')
  await page.keyboard.press('2')
  await expect(rows(page).filter({ hasText: first! })).toHaveCount(0)
  await page.keyboard.press('t')
  await expect(rows(page).first()).toContainText('yours')
  await page.keyboard.press('c')
  await page.keyboard.press('1')
  await expect(page.getByText(`${second}: Reached`)).toBeVisible()
  await page.keyboard.press('j')
  await expect(rows(page).nth(1)).toContainText(third!)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/leads\/[0-9a-f-]{36}/)
  await expect(page.getByRole('heading', { name: third!, level: 1 })).toBeVisible()

  // Whoever goes on has made up their mind: the call was sent.
  await page.keyboard.press('g')
  await page.keyboard.press('q')
  const { rows: calls } = await winnow.database.pool.query('select outcome from call')
  expect(calls).toContainEqual({ outcome: 'reached' })
})

test('the panel says what to do; a filter is in the address', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  await expect(rows(page).first()).toBeVisible()
  const all = await rows(page).count()
  const { rows: leads } = await winnow.database.pool.query<{ count: number }>(
    "select count(*)::int as count from lead where stage = 'sql' and excluded_as is null and merged_into is null",
  )
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('checkbox', { name: 'SQL', exact: true }).check()
  await expect(page).toHaveURL(/stage=sql/)
  await expect(rows(page)).toHaveCount(leads[0]!.count)
  await page.reload()
  await expect(rows(page)).toHaveCount(leads[0]!.count)
  await page.getByRole('button', { name: 'Filter, 1 is set' }).click()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(rows(page)).toHaveCount(all)
  await expect(page.getByRole('complementary').getByRole('heading', { name: 'What to do' })).toBeVisible()
})

test('accepted by a key, a lead is in the ledger when it can no longer be undone', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue?stage=mql')
  await expect(rows(page).first()).toContainText('MQL')
  const name = await nameIn(page, 0)
  const address = await rows(page).nth(0).getByRole('link').first().getAttribute('href')
  const lead = address!.split('/').at(-1)!
  const stage = async () => {
    const { rows: found } = await winnow.database.pool.query<{ to_value: string }>(
      "select to_value from transition where lead_id = $1 and kind = 'stage' and superseded_at is null order by at desc, place desc limit 1",
      [lead],
    )
    return found[0]?.to_value
  }
  await page.keyboard.press('a')
  await expect(page.getByText(`${name} is accepted`)).toBeVisible()
  await expect(rows(page).first()).toContainText('SAL')
  expect(await stage()).toBe('mql')
  await expect(page.getByText(`${name} is accepted`)).toHaveCount(0)
  await expect.poll(stage).toBe('sal')
  await page.goto(address!)
  const timeline = page.getByRole('region', { name: 'What happened' })
  await expect(timeline.getByRole('listitem').filter({ hasText: 'MQL→SAL' })).toHaveCount(1)
  await expect(timeline.getByText('by Sam Sales').first()).toBeVisible()
})

test('who comes in above waits behind a line, and nobody moves until it is asked for', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  await expect(rows(page).first()).toBeVisible()
  const first = await nameIn(page, 0)
  const address = await rows(page).nth(0).getByRole('link').first().getAttribute('href')
  await page.keyboard.press('s')
  await page.keyboard.press('2')
  await expect(rows(page).filter({ hasText: first! })).toHaveCount(0)
  const undone = page.waitForResponse((response) => response.request().method() === 'DELETE')
  await page.keyboard.press('z')
  await undone
  await expect(rows(page).first()).toContainText(first!)
  await expect(rows(page).first()).toHaveAttribute('aria-current', 'true')

  const headers = { origin: winnow.url }
  const until = new Date(NOW + 86_400_000).toISOString()
  const putOff = await page.request.post(`/api${address}/snooze`, { headers, data: { until } })
  expect(putOff.status()).toBe(200)
  const other = await winnow.as('marketing', '/queue')
  await expect(rows(other).first()).toBeVisible()
  const before = await rows(other).getByRole('link').allTextContents()
  expect(before).not.toContain(first)
  await page.request.delete(`/api${address}/snooze`, { headers })
  await expect(other.getByRole('button', { name: '1 new' })).toBeVisible()
  expect(await rows(other).getByRole('link').allTextContents()).toEqual(before)
  await other.getByRole('button', { name: '1 new' }).click()
  await expect(rows(other).first()).toContainText(first!)
  await expect(rows(other)).toHaveCount(before.length + 1)
})

test('on a phone the queue is worked by thumb, and nothing covers the places at its foot', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue', { viewport: { width: 390, height: 844 }, hasTouch: true })
  await expect(rows(page).first()).toBeVisible()
  const [first, second] = [await nameIn(page, 0), await nameIn(page, 1)]
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await rows(page).first().getByRole('button', { name: 'Reject' }).tap()
  await page.getByRole('dialog').getByRole('button', { name: 'No budget' }).tap()
  const note = page.getByRole('alert').filter({ hasText: `${first} is rejected: No budget` })
  await expect(note).toBeVisible()
  await expect(rows(page).first()).toContainText(second!)
  const foot = (await page.getByRole('navigation', { name: 'Main' }).boundingBox())!
  await expect
    .poll(async () => {
      const { y, height } = (await note.boundingBox())!
      return y + height
    })
    .toBeLessThanOrEqual(foot.y)
  await page.getByRole('button', { name: 'Undo' }).tap()
  await expect(rows(page).first()).toContainText(first!)
  // What has no room at the foot is in the menu of one's account.
  await page.getByRole('button', { name: PEOPLE.sales.name }).tap()
  await page.getByRole('menuitem', { name: 'Review' }).tap()
  await expect(page).toHaveURL(/\/reviews$/)
})

test('names that strangers give are text, in the queue and among leads', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  const markup = '<img src=x onerror="document.title=1">'
  const { items } = (await (await page.request.get('/api/queue?limit=1')).json()) as {
    items: readonly { lead: { id: string }; account: { id: string } }[]
  }
  const { lead, account } = items[0]!
  const headers = { origin: winnow.url }
  const named = await page.request.patch(`/api/leads/${lead.id}`, {
    headers,
    data: { attributes: { name: `Eve ${markup}` } },
  })
  const company = await page.request.patch(`/api/accounts/${account.id}`, {
    headers,
    data: { attributes: { name: `Mill ${markup}` } },
  })
  expect([named.status(), company.status()]).toEqual([200, 200])
  for (const path of ['/queue', '/leads']) {
    await page.goto(path)
    if (path === '/leads') await page.getByRole('textbox', { name: 'Search leads' }).fill('Eve')
    const main = page.getByRole('main')
    await expect(main.getByText(`Eve ${markup}`).first()).toBeVisible()
    await expect(main.getByText(`Mill ${markup}`).first()).toBeVisible()
    await expect(page.locator('img[src=x]')).toHaveCount(0)
    await expect(page).toHaveTitle(/Winnow/)
  }
})

test('two reps see each other, and do not call the same lead', async ({ winnow }) => {
  const sam = await winnow.as('sales', '/queue')
  const mara = await winnow.as('marketing', '/queue')
  await expect(rows(sam).first()).toBeVisible()
  await expect(rows(mara).first()).toBeVisible()
  const before = await rows(mara).getByRole('link').allTextContents()
  await sam.keyboard.press('t')
  await expect(rows(mara).first()).toContainText('Sam Sales')
  await expect(mara.getByRole('button', { name: 'Reject' })).toBeDisabled()
  await mara.keyboard.press('t')
  await expect(mara.getByText('Sam Sales was faster')).toBeVisible()
  // What somebody puts off stays where it is in front of others until they ask for the new order.
  await sam.keyboard.press('s')
  await sam.keyboard.press('1')
  await expect(rows(mara).first()).toContainText('No longer in this list')
  expect(await rows(mara).getByRole('link').allTextContents()).toEqual(before)
  await mara.keyboard.press('n')
  await expect(rows(mara)).toHaveCount(before.length - 1)
})

test('queue, settings and first run have no barriers', async ({ winnow }) => {
  const page = await winnow.as('admin', '/queue')
  await expect(rows(page).first()).toBeVisible()
  for (const path of [
    '/queue',
    '/welcome',
    '/settings/account',
    '/settings/people',
    '/settings/sources',
    '/settings/keys',
    '/settings/exclusions',
    '/settings/audit',
  ]) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectNoBarriers(page)
  }
})

test('queue and settings look as they did', async ({ winnow }) => {
  const page = await winnow.as('admin', '/queue')
  for (const [name, path] of [
    ['queue', '/queue'],
    ['people', '/settings/people'],
  ] as const) {
    await page.goto(path)
    if (name === 'queue') await expect(page.getByRole('heading', { name: 'What to do' })).toBeVisible()
    else await expect(page.getByText('rita@example.com')).toBeVisible()
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
    await page.evaluate(() => document.fonts.ready)
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize(viewport)
        if (name === 'queue') await expect(page.getByRole('heading', { name: 'What to do' })).toBeVisible()
        await expect(page).toHaveScreenshot(`${name}-${size}-${colorScheme}.png`, { animations: 'disabled' })
      }
    }
  }
})

const SIZES = { wide: { width: 1360, height: 860 }, phone: { width: 390, height: 844 } }
