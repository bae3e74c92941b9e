import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { expect, test, type Winnow } from './test.ts'

/** How many there are, as the page says beside its title. */
const total = (page: Page) => page.getByRole('status').first()
const rows = (page: Page) => page.getByRole('table', { name: 'Leads' }).locator('tbody tr')
const names = (page: Page) => page.getByRole('table', { name: 'Leads' }).locator('tbody tr a[href^="/leads/"]')
const chip = (page: Page, name: string) => page.getByRole('group', { name })

const countOf = async ({ database }: Winnow, where: string): Promise<string> => {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*)::int as count from lead where merged_into is null and excluded_as is null and ${where}`,
  )
  return String(rows[0]!.count)
}

test('every count leads to its people, a filter is an address, and back is back', async ({ winnow }) => {
  test.setTimeout(60_000)
  const page = await winnow.as('marketing', '/leads')
  await expect(total(page)).toHaveText('400')
  const counts = page.getByRole('navigation', { name: 'How many, by stage and level' }).getByRole('link')
  const customers = counts.filter({ hasText: 'Customer' })
  const said = await customers.locator('b').textContent()
  expect(said).toBe(await countOf(winnow, "stage = 'customer'"))
  await customers.click()
  await expect(page).toHaveURL(/stage=customer/)
  await expect(total(page)).toHaveText(said!)
  await expect(rows(page))
    .toHaveCount(Math.min(Number(said), 40), { timeout: 5000 })
    .catch(() => {})
  await expect(chip(page, 'Stage is Customer')).toBeVisible()

  const both = (await counts
    .and(page.getByRole('link', { name: /^Fit High/ }))
    .locator('b')
    .textContent())!
  expect(Number(both)).toBeLessThan(Number(said))
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('textbox', { name: 'Filter by…' }).fill('fit')
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: 'High' }).check()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/stage=customer/)
  await expect(page).toHaveURL(/level=/)
  await expect(total(page)).toHaveText(both)
  const address = page.url()

  await page.goBack()
  await expect(total(page)).toHaveText(said!)
  await page.goForward()
  await expect(total(page)).toHaveText(both)
  await page.goto(address)
  await expect(total(page)).toHaveText(both)
  await expectNoBarriers(page)

  const did = JSON.stringify(['demo_request:at_least:1'])
  await page.goto(`/leads?activity=${encodeURIComponent(did)}`)
  const { total: doers } = (await (
    await page.request.get('/api/leads/counts?activity=demo_request:at_least:1')
  ).json()) as {
    total: number
  }
  await expect(total(page)).toHaveText(String(doers))
  await expect(page.getByRole('group', { name: /at least once/ })).toBeVisible()
  await page.goto(address)
  await expect(total(page)).toHaveText(both)

  await page.getByRole('textbox', { name: 'Search leads' }).fill('nobody is called so')
  await expect(page.getByText('Nobody fits all of this')).toBeVisible()
  expect(page.url()).toBe(address)
  await page.getByRole('button', { name: 'Clear search and filters' }).click()
  await expect(total(page)).toHaveText('400')
})

test('columns are chosen for oneself, and the export is what is shown', async ({ winnow }) => {
  test.setTimeout(60_000)
  const page = await winnow.as('marketing', '/leads?stage=recycled&sort=expectedValue')
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('button', { name: 'Hide Account' }).click()
  await page.getByRole('checkbox', { name: 'E-mail', exact: true }).click()
  await page.getByRole('button', { name: 'Move E-mail' }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Space')
  await page.keyboard.press('Escape')
  const heads = page.getByRole('table', { name: 'Leads' }).getByRole('columnheader')
  const shown = (await heads.allTextContents()).slice(1)
  expect(shown).not.toContain('Account')
  await page.reload()
  await expect.poll(async () => (await heads.allTextContents()).slice(1)).toEqual(shown)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ])
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
  expect(String(lines.length - 1)).toBe(await total(page).textContent())
  expect(lines[0]!.split(',')).toHaveLength(shown.length)
  expect(lines[0]).toMatch(/^name,/)
  expect(lines[0]).toContain('email')
  const first = await names(page).allTextContents()
  expect(lines.slice(1, 9).map((line) => line.split(',')[0])).toEqual(first.slice(0, 8))
})

test('by the keyboard alone: down, picked, set for all of them, undone, opened', async ({ winnow }) => {
  test.setTimeout(60_000)
  const page = await winnow.as('marketing', '/leads')
  await expect(names(page).first()).toBeVisible()
  const firstTwo = (await names(page).allTextContents()).slice(0, 2)
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  const bar = page.getByRole('region', { name: 'Selected leads' })
  await expect(bar).toContainText('2 selected')
  await bar.getByRole('button', { name: 'Exclude' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'As a test' }).press('Enter')
  const note = page.getByRole('alert').filter({ hasText: '2 leads changed' })
  await expect(note).toBeVisible()
  await expect(total(page)).toHaveText('398')
  await note.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: '2 leads are as before' })).toBeVisible()
  await expect(total(page)).toHaveText('400')
  for (const [index, name] of firstTwo.entries()) await expect(names(page).nth(index)).toHaveText(name)
  await page.keyboard.press('j')
  const third = (await names(page).nth(2).textContent())!
  await expect(names(page).nth(2)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/leads\/[0-9a-f-]{36}/)
  await expect(page.getByRole('heading', { name: third, level: 1 })).toBeVisible()
  await page.goBack()
  await page.keyboard.press('/')
  await expect(page.getByRole('textbox', { name: 'Search leads' })).toBeFocused()
})

test('a list is saved under a name and comes back, and a lead by hand is there, whatever it is called', async ({
  winnow,
}) => {
  test.setTimeout(60_000)
  const page = await winnow.as('sales', '/leads?stage=customer')
  await page.getByRole('button', { name: 'Segments' }).click()
  await page.getByRole('menuitem', { name: 'Save this list' }).click()
  await page.getByLabel('Name').fill('Our customers')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('button', { name: 'Our customers' })).toBeVisible()
  await page.goto('/leads')
  await page.getByRole('button', { name: 'Segments' }).click()
  await page.getByRole('menuitem', { name: 'Our customers' }).click()
  await expect(page).toHaveURL(/stage=customer/)
  await page.goto('/leads')

  const hostile = '"><script>alert(1)</script>'
  await page.getByRole('button', { name: 'Add lead' }).click()
  await page.getByLabel('E-mail address').fill('by.hand@brightmill.example')
  await page.getByLabel('Name', { exact: true }).fill(hostile)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page).toHaveURL(/\/leads\/[0-9a-f-]{36}/)
  await page.goto('/leads')
  await page.getByRole('textbox', { name: 'Search leads' }).fill('by.hand')
  await expect(total(page)).toHaveText('1')
  await expect(page.getByRole('link', { name: hostile })).toBeVisible()
})

test('the table and the cards look as they should, in the light and in the dark', async ({ winnow }) => {
  test.setTimeout(60_000)
  const wide = { viewport: { width: 1360, height: 860 } }
  const phone = { viewport: { width: 390, height: 844 } }
  for (const [name, options] of [
    ['wide', wide],
    ['phone', phone],
  ] as const) {
    const page = await winnow.as('marketing', '/leads?stage=customer', options)
    await expect(page.getByRole('link', { name: /^Stage Customer/ })).toBeVisible()
    await expect(page.locator('main a[href^="/leads/"]').first()).toBeVisible()
    await page.evaluate(() => document.fonts.ready)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect(page).toHaveScreenshot(`leads-${name}-${colorScheme}.png`, { mask: [page.locator('time')] })
    }
  }
})

/** Puts leads into the database as if they had been assessed: what a list of them costs does not depend on how they came. */
const fill = ({ database }: Winnow, count: number) =>
  database.pool.query(
    `insert into lead (lead_id, circle_id, email, name, attributes, attribute_times, created_at, version, assessed_at, stage,
       stage_since, levels, scores, expected_value)
     select id, id, 'many' || n || '@many.example', 'Many ' || n, '{}', '{}', now() - n * interval '1 minute', 1, now(), 'lead',
       now(), '{"fit":"high"}', '{}', n
     from (select gen_random_uuid() as id, n from generate_series(1, $1) as n) as made`,
    [count],
  )

test('a hundred thousand leads scroll, and wherever one stops or rushes by there are rows', async ({ winnow }) => {
  test.setTimeout(90_000)
  await fill(winnow, 100_000)
  const page = await winnow.as('analyst', '/leads', { viewport: { width: 1360, height: 860 } })
  await expect(names(page).first()).toBeVisible()
  const blankFrames = await page.evaluate(async () => {
    const table = document.querySelector('table')!
    const scroller = table.parentElement!
    const { top, left, height } = scroller.getBoundingClientRect()
    const places = [0.25, 0.5, 0.75, 0.95].map((share) => top + height * share)
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    let [longest, inARow] = [0, 0]
    for (let step = 0; step < 240; step++) {
      // Slow, then whole screens at a time, then leaps to anywhere.
      scroller.scrollTop += step < 60 ? 60 : step < 120 ? 900 : ((step * 7919) % 90_000) * 40 - scroller.scrollTop
      await frame()
      const isBlank = places.some((y) => document.elementFromPoint(left + 300, y)?.closest('tr') === null)
      inARow = isBlank ? inARow + 1 : 0
      longest = Math.max(longest, inARow)
    }
    scroller.scrollTop = 0
    return longest
  })
  expect(blankFrames).toBeLessThan(30) // how long that is, the benchmark says
  await page
    .getByRole('table', { name: 'Leads' })
    .locator('..')
    .evaluate((scroller) => (scroller.scrollTop = 2_000 * 40))
  await expect(rows(page).first()).not.toHaveAttribute('data-skeleton', { timeout: 15_000 })
})

test('on a phone leads are cards that are picked by touch, and whoever could not be changed is listed with the reason', async ({
  winnow,
}) => {
  const page = await winnow.as('marketing', '/leads?stage=customer', { viewport: { width: 390, height: 844 } })
  const cards = page.getByRole('list', { name: 'Leads' }).getByRole('listitem')
  await expect(cards.first()).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await expectNoBarriers(page)
  await page.getByRole('button', { name: 'Select', exact: true }).click()
  await cards.nth(0).getByRole('link').click()
  await cards.nth(1).getByRole('checkbox').click()
  const bar = page.getByRole('region', { name: 'Selected leads' })
  await expect(bar).toContainText('2 selected')
  const name = (await cards.nth(0).getByRole('link').locator('b').textContent())!
  // Customers are not accepted once more.
  await bar.getByRole('button', { name: 'Decide' }).click()
  await page.getByRole('menuitem', { name: 'Accept' }).click()
  const dialog = page.getByRole('dialog', { name: '2 leads could not be changed' })
  const refused = dialog.getByRole('list', { name: 'Leads that could not be changed' }).getByRole('listitem')
  await expect(refused).toHaveCount(2)
  await expect(refused.filter({ hasText: name })).toHaveText(/\S+ \S+.{12,}/)
  await expectNoBarriers(page, 'refusals')
  await refused.filter({ hasText: name }).getByRole('link').click()
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
})
