/** Old activities are forgotten as an administrator wants it, and every page says so that looks at their time. */
import { expectNoBarriers } from './barriers.ts'
import { expect, test } from './test.ts'

test('what would go is shown, agreed to by its number, and gone', async ({ winnow }) => {
  test.setTimeout(90_000)
  const page = await winnow.as('admin', '/settings/erasures')
  const { items } = (await (await page.request.get('/api/leads?sort=createdAt&order=asc&limit=1')).json()) as {
    items: readonly { id: string; createdAt: string }[]
  }
  const [oldest] = items
  await page.getByRole('radio', { name: 'For some months' }).check()
  const months = page.getByRole('textbox', { name: 'Months' })
  await expect(months).toHaveValue('24')
  await expect(page.getByRole('status')).toContainText('There is nothing to forget now')
  await months.fill('6')
  await expect(page.getByRole('status')).toContainText(/Now [\d,]+ activities of [\d,]+ leads would be forgotten/)
  const would = (await (await page.request.get('/api/retention/preview?months=6')).json()) as { activities: number }
  await expectNoBarriers(page)
  await page.getByRole('button', { name: 'Save' }).click()
  const dialog = page.getByRole('dialog', { name: 'Forget old activities' })
  const confirm = dialog.getByRole('button', { name: 'Forget for good' })
  await expect(confirm).toBeDisabled()
  await dialog.getByRole('textbox').fill(String(would.activities + 1))
  await expect(confirm).toBeDisabled()
  await expectNoBarriers(page, 'agreeing')
  await dialog.getByRole('textbox').fill(String(would.activities))
  await confirm.click()
  await expect(dialog).toBeHidden()
  const version = page.getByRole('row').getByRole('link')
  await expect(version).toBeVisible({ timeout: 40_000 })

  // The version says whose rules it is, and the pages that look at that time what they lack.
  await version.click()
  await expect(page.getByText(/the rules of version 2; old activities were forgotten/)).toBeVisible()
  await page.goto('/definition?tab=versions')
  await expect(page.getByRole('row', { name: /the rules of version 2/ })).toBeVisible()
  await page.goto(`/leads/${oldest!.id}`)
  const lacks = page.getByRole('note').filter({ hasText: /Activities before .* were forgotten/ })
  await expect(lacks).toHaveCount(1)
  await page.goto(`/leads/${oldest!.id}?at=2025-08-01T10:00:00Z`)
  await expect(lacks).toHaveCount(2)
  await expectNoBarriers(page)
  await page.goto('/settings/audit')
  await expect(page.getByText(/Winnow forgot old activities/)).toBeVisible()
  await expect(page.getByText(/^Ada Admin changed how long activities are kept/)).toBeVisible()
})

test('on a phone, in German', async ({ winnow }) => {
  const page = await winnow.as('admin', '/settings/erasures', {
    locale: 'de-DE',
    viewport: { width: 390, height: 844 },
  })
  await page.getByRole('radio', { name: 'Einige Monate lang' }).check()
  await page.getByRole('textbox', { name: 'Monate' }).fill('6')
  await expect(page.getByRole('status')).toContainText(/Jetzt würden [\d.]+ Aktivitäten von [\d.]+ Leads vergessen/)
  await expectNoBarriers(page)
  await page.getByRole('button', { name: 'Speichern' }).click()
  const dialog = page.getByRole('dialog', { name: 'Alte Aktivitäten vergessen' })
  await expect(dialog.getByRole('button', { name: 'Endgültig vergessen' })).toBeInViewport()
  await expectNoBarriers(page, 'agreeing')
  await dialog.getByRole('button', { name: 'Abbrechen' }).click()
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBe(390)
  expect(await (await page.request.get('/api/retention')).json()).toMatchObject({ months: null })
})
