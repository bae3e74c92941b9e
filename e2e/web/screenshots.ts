/** Pictures of the screens for the README and the documents: `npm run screenshots` writes them to `docs/images`. */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './test.ts'
import type { Role } from './places.ts'

const FOLDER = join(import.meta.dirname, '../../docs/images')

interface Shot {
  readonly name: string
  readonly role: Role
  readonly path: string
  readonly isDark?: true
  readonly isPhone?: true
  /** Brings the screen to where it says something. */
  readonly open?: (page: Page) => Promise<void>
}

const toBestLead = async (page: Page) => {
  await page
    .getByRole('link', { name: /Open the lead/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/leads\/.+/)
}

/** Of the two versions of the demo company. */
const toBacktest = async (page: Page, where = '') => {
  const origin = new URL(page.url()).origin
  const data = { versions: ['version:1', 'version:2'], splitBy: ['source'] }
  const reply = await page.request.post('/api/backtests', { headers: { origin }, data })
  const { id } = (await reply.json()) as { readonly id: string }
  await page.goto(`/backtests/${id}${where}`)
  await expect(page.getByRole('tab', { name: 'Overview' })).toBeVisible({ timeout: 60_000 })
}

const SHOTS: readonly Shot[] = [
  { name: 'queue', role: 'sales', path: '/queue' },
  { name: 'queue-phone', role: 'sales', path: '/queue', isPhone: true, isDark: true },
  { name: 'lead', role: 'sales', path: '/queue', open: toBestLead },
  { name: 'lead-dark', role: 'sales', path: '/queue', isDark: true, open: toBestLead },
  {
    name: 'pin',
    role: 'marketing',
    path: '/queue',
    open: async (page) => {
      await toBestLead(page)
      await page.getByRole('button', { name: 'More', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Pin as an example' }).click()
      await page.getByLabel('Interest should be').selectOption('warm')
      await page.getByText(/lines go in/).click()
    },
  },
  { name: 'leads', role: 'marketing', path: '/leads' },
  { name: 'definition', role: 'marketing', path: '/definition' },
  {
    name: 'editor',
    role: 'marketing',
    path: '/definition',
    open: async (page) => {
      await page.getByRole('button', { name: 'Change it' }).first().click()
      await expect(page).toHaveURL(/\/drafts\//)
      await page.getByRole('button', { name: 'Categories' }).click()
      await page.getByRole('button', { name: 'hot: thresholds' }).click()
      await page.getByRole('tab', { name: 'Effect' }).click()
      await page.getByRole('textbox', { name: 'hot from' }).fill('35')
      await page.getByRole('textbox', { name: 'hot from' }).press('Enter')
    },
  },
  { name: 'backtest', role: 'marketing', path: '/backtests', open: (page) => toBacktest(page) },
  {
    name: 'backtest-thresholds',
    role: 'marketing',
    path: '/backtests',
    open: (page) => toBacktest(page, '?tab=thresholds'),
  },
  { name: 'import', role: 'marketing', path: '/import' },
  { name: 'settings', role: 'admin', path: '/settings/sources' },
]

for (const { name, role, path, isDark, isPhone, open } of SHOTS) {
  test(name, async ({ winnow }) => {
    const page = await winnow.as(role, path, {
      viewport: isPhone ? { width: 390, height: 844 } : { width: 1360, height: 860 },
      colorScheme: isDark ? 'dark' : 'light',
      deviceScaleFactor: 1.5,
    })
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await open?.(page)
    await page.waitForTimeout(2500) // charts and samples come later; nothing here is compared
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' })
  })
}
