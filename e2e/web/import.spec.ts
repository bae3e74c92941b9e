import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { expect, test } from './test.ts'

const MARKUP = '<img src=x onerror=alert(1)>'
/** Six rows: two of them cannot be read, and one name is not a nice one. */
const FILE = [
  'Mail;Full name;Firma;Angelegt;Budget;Fax',
  'imp.ada@brightmill.example;Ada Import;brightmill.example;2026-03-01;12000;-',
  `imp.bo@brightmill.example;${MARKUP};brightmill.example;2026-03-02;;-`,
  'imp.cy@brightmill.example;Cy;brightmill.example;01/02/2026;5;-',
  'imp.di@brightmill.example;Di',
  'imp.eve@brightmill.example;Eve;;2026-03-05;;-',
  '"imp.öz@brightmill.example";Öz;;2026-03-06;;-',
].join('\r\n')

async function drop(page: Page, content: string | Buffer, name = 'contacts.csv'): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible()
}

async function become(page: Page, column: string, use: string): Promise<void> {
  const select = page.getByRole('combobox', { name: `What ${column} becomes` })
  await select.click()
  await page.getByRole('option', { name: use, exact: true }).click()
}

const figure = (page: Page, name: string) =>
  page
    .getByRole('region', { name: 'Result' })
    .locator('div', { has: page.getByText(name, { exact: true }) })
    .locator('dd')
    .last()

test('a file is mapped, tried, taken in, leads to its leads, and changes nothing a second time', async ({ winnow }) => {
  test.setTimeout(60_000)
  const page = await winnow.as('marketing', '/import')
  await drop(page, FILE)
  await expect(page.getByText('6 columns')).toBeVisible()
  await expect(page.getByText('One column has to say who a row is')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Try it' })).toBeDisabled()
  await become(page, 'Mail', 'Who it is (id or e-mail)')
  await become(page, 'Full name', 'Name')
  await become(page, 'Firma', 'Account (company)')
  await become(page, 'Angelegt', 'Since when this is known')
  await expect(page.getByRole('region', { name: 'The first rows' })).toContainText('imp.ada@brightmill.example')
  await expectNoBarriers(page)

  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByRole('heading', { name: 'This is what would happen' })).toBeVisible()
  await expect(figure(page, 'Rows')).toHaveText('6')
  await expect(figure(page, 'Refused')).toHaveText('2')
  const refused = page.getByRole('region', { name: 'What was refused' })
  await expect(refused.getByRole('row')).toHaveCount(3)
  await expect(refused.getByRole('row').nth(1)).toContainText('4')
  await expect(refused.getByRole('row').nth(2)).toContainText('5')
  const { rows } = await winnow.database.pool.query("select 1 from lead where email like 'imp.%'")
  expect(rows).toEqual([])

  await page.getByRole('button', { name: 'Take 4 rows in' }).click()
  await expect(page.getByRole('heading', { name: 'Taken in' })).toBeVisible()
  await expect(figure(page, 'New')).toHaveText('4')
  await expectNoBarriers(page)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download refused rows' }).click(),
  ])
  const rejects = await readFile(await download.path(), 'utf8')
  expect(
    rejects
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(',')[0]),
  ).toEqual(['line', '4', '5'])

  await page.getByRole('button', { name: 'Run again' }).click()
  await expect(figure(page, 'Known already')).toHaveText('4')
  await expect(figure(page, 'New')).toHaveText('0')

  await page.getByRole('link', { name: 'See these leads' }).click()
  await expect(page.getByRole('status').first()).toHaveText('4')
  await expect(page.getByRole('link', { name: MARKUP })).toBeVisible()
  await expect(page.locator('img[src=x]')).toHaveCount(0)
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'contacts.csv', level: 1 })).toBeVisible()
})

test('what cannot be taken says why: no columns, nothing but refused rows, too large, no right', async ({ winnow }) => {
  test.setTimeout(60_000)
  const page = await winnow.as('admin', '/import', { viewport: { width: 390, height: 844 } })
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.from('') })
  await expect(page.getByRole('alert')).toContainText('empty')
  await drop(page, Buffer.from([0, 1, 2, 3, 0, 0, 255, 254]), 'picture.csv')
  await expect(page.getByRole('button', { name: 'Try it' })).toHaveCount(0)
  await page.goto('/import')
  await drop(page, 'email;created\r\na@x.example;nonsense\r\nb@x.example;rubbish\r\n', 'only-refused.csv')
  await page.getByRole('button', { name: 'Try it' }).click()
  await expect(page.getByText('Not one row could be read')).toBeVisible()
  await expect(page.getByRole('button', { name: /Take \d+ row/ })).toHaveCount(0)
  await page.goto('/import')
  await expect(page.getByRole('link', { name: 'only-refused.csv' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  const sales = await winnow.as('sales', '/import')
  await expect(sales.getByText('Administrators and marketing import files.')).toBeVisible()
})

const OTHER_WORDS = [
  'email;Rolle;Angelegt',
  'val.ann@brightmill.example;Chefin;2026-03-01T10:00:00',
  'val.ben@brightmill.example;staff;2026-03-02T10:00:00',
].join('\r\n')

test('values that the file calls otherwise are translated, and times are read where they were written', async ({
  winnow,
}) => {
  const page = await winnow.as('marketing', '/import', { viewport: { width: 1360, height: 860 } })
  await drop(page, OTHER_WORDS, 'other-words.csv')
  await become(page, 'Rolle', 'Role')
  await become(page, 'Angelegt', 'Since when this is known')
  const rows = page.getByRole('region', { name: 'The first rows' })
  await expect(rows).toContainText('Of the first rows these are refused')
  await page.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Ber')
  await page.getByRole('option', { name: 'Europe/Berlin', exact: true }).click()
  await expect(rows).toContainText('Role: staff')
  await page.getByRole('button', { name: 'Translate values of Rolle' }).click()
  await page.getByRole('combobox', { name: 'What Chefin means' }).click()
  await page.getByRole('option', { name: 'head', exact: true }).click()
  await expect(rows).toContainText('Role: head')
  await expect(rows).not.toContainText('Of the first rows these are refused')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Take it in' }).click()
  await expect(figure(page, 'New')).toHaveText('2')
  const { rows: stored } = await winnow.database.pool.query(
    "select attributes ->> 'role' as role, created_at from lead where email = 'val.ann@brightmill.example'",
  )
  expect(stored).toEqual([{ role: 'head', created_at: Date.parse('2026-03-01T09:00:00Z') }])
})

test('the mapping looks as it did, and fits a phone', async ({ winnow }) => {
  const page = await winnow.as('marketing', '/import', { viewport: { width: 1360, height: 860 } })
  await drop(page, FILE)
  await become(page, 'Mail', 'Who it is (id or e-mail)')
  await become(page, 'Full name', 'Name')
  await become(page, 'Angelegt', 'Since when this is known')
  await expect(page.getByRole('region', { name: 'The first rows' })).toContainText('imp.ada@brightmill.example')
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  await page.evaluate(() => document.fonts.ready)
  const shoot = async (size: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect(page).toHaveScreenshot(`mapping-${size}-${colorScheme}.png`, {
        animations: 'disabled',
        mask: [page.locator('time')],
      })
    }
  }
  await shoot('wide')
  await page.setViewportSize({ width: 390, height: 844 })
  await shoot('phone')
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})
