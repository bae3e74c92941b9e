import type { Page } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { expectPictures } from './pictures.ts'
import { expect, test } from './test.ts'

const panel = (page: Page, name: string) => page.getByRole('region', { name })

test('a review is prepared, talked over, signed by two, and stays as it is', async ({ winnow }) => {
  test.setTimeout(150_000)
  const mara = await winnow.as('marketing', '/definition')
  // The demo company began more than its three months ago.
  await expect(mara.getByText('A review has been due since')).toBeVisible()
  await expect(
    mara.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /A review is due/ }),
  ).toBeVisible()
  await mara.getByRole('main').getByRole('link', { name: 'Reviews' }).click()
  await expect(mara.getByText('No review yet')).toBeVisible()
  await mara.getByRole('button', { name: 'Prepare a review' }).click()
  await expect(panel(mara, 'How it went')).toBeVisible({ timeout: 60_000 })
  await expect(mara.getByText('this is the first review')).toBeVisible()

  // Every number opens its leads, and they are as many as it says.
  const row = panel(mara, 'How it went').getByRole('row', { name: /^This period/ })
  const handedOver = row.getByRole('button').first()
  const count = Number(await handedOver.textContent())
  expect(count).toBeGreaterThan(5)
  await handedOver.click()
  const drawer = mara.getByRole('dialog', { name: 'The leads behind it' })
  await expect(drawer.getByRole('listitem')).toHaveCount(count)
  await expect(drawer.getByRole('link').first()).toHaveAttribute('href', /^\/leads\/[0-9a-f-]{36}/)
  await mara.keyboard.press('Escape')
  await expect(drawer).toHaveCount(0)
  for (const name of [
    'Acceptance by criterion',
    'Why sales rejected',
    'Where leads wait',
    'What has moved',
    'Forgotten',
  ])
    await expect(panel(mara, name)).toBeVisible()
  await panel(mara, 'What has moved').getByText('Interest', { exact: true }).click()
  await expect(panel(mara, 'What has moved').getByRole('row', { name: /^Hot/ })).toBeVisible()

  const meeting = panel(mara, 'The meeting')
  await meeting.getByLabel('What is decided?').fill('Fairs earn <b>half</b>')
  await meeting.getByLabel('Who does it').fill('Mara')
  await meeting.getByLabel('What it is to bring about').click()
  await mara.getByRole('option', { name: 'Accepted' }).click()
  await meeting.getByLabel('Value').fill('60')
  await meeting.getByRole('button', { name: 'Decide it' }).click()
  await expect(meeting.getByText('Mara · Accepted at least 60%')).toBeVisible()
  await meeting.getByLabel('What was said?').fill('Line one\n<script>alert(1)</script>')
  await meeting.getByRole('button', { name: 'Write it down' }).click()
  await expect(meeting.getByText('<script>alert(1)</script>')).toBeVisible()
  await meeting.getByLabel('Add somebody').fill('Sam Sales')
  await mara.keyboard.press('Enter')
  await expect(meeting.getByText('Sam Sales', { exact: true })).toBeVisible()
  await meeting.getByLabel('Next review').fill('2026-09-15')
  await expectNoBarriers(mara, 'review')

  // It is Sam who signs for sales, on a phone; Mara for marketing.
  await panel(mara, 'Signatures').getByRole('button', { name: 'Sign for Marketing' }).click()
  await expect(panel(mara, 'Signatures').getByText('Marketing: Mara Market')).toBeVisible()
  await expect(panel(mara, 'Signatures').getByRole('button')).toHaveCount(0)
  const address = new URL(mara.url()).pathname
  const sam = await winnow.as('sales', '/definition', { viewport: { width: 390, height: 844 }, hasTouch: true })
  await sam.getByRole('main').getByRole('link', { name: 'Reviews' }).tap()
  await sam.getByRole('button', { name: 'Go on with the open review' }).tap()
  await expect(panel(sam, 'Signatures')).toBeVisible()
  expect(await sam.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await expectNoBarriers(sam, 'review on a phone')
  await panel(sam, 'Signatures').getByRole('button', { name: 'Sign for Sales' }).tap()
  await expect(panel(sam, 'Signatures')).toContainText('Nothing of it changes any more.')

  await mara.goto(address)
  await expect(panel(mara, 'Signatures')).toContainText('Sales: Sam Sales')
  await expect(mara.getByLabel('What is decided?')).toHaveCount(0)
  await panel(mara, 'The meeting').getByRole('button', { name: 'Open a draft' }).click()
  await expect(mara).toHaveURL(/\/definition\/drafts\//)
  await mara.goto('/reviews')
  await expect(mara.getByText('The next review is due on 15 Sept 2026')).toBeVisible()
  await expect(
    mara.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /A review is due/ }),
  ).toHaveCount(0)
  await expectNoBarriers(mara, 'reviews')
})

test('how a review looks', async ({ winnow }) => {
  const page = await winnow.as('sales', '/reviews')
  await page.getByRole('button', { name: 'Prepare a review' }).click()
  await expect(panel(page, 'How it went')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('progressbar')).toHaveCount(0)
  await panel(page, 'Acceptance by criterion').getByRole('button').last().click()
  await panel(page, 'What has moved').getByText('Budget', { exact: true }).click()
  await page.mouse.move(0, 0)
  await expectPictures(page, 'review')
})
