import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './test.ts'

const rows = (page: Page) => page.getByRole('list', { name: 'Leads to call' }).getByRole('listitem')
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

for (const colorScheme of ['light', 'dark'] as const) {
  test(`queue, settings and first run are accessible, ${colorScheme}`, async ({ winnow }) => {
    const page = await winnow.as('admin', '/queue', { colorScheme })
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
      const { violations } = await new AxeBuilder({ page }).analyze()
      const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      expect(bad.map(({ id, nodes }) => [path, id, nodes[0]?.html])).toEqual([])
    }
  })
}
