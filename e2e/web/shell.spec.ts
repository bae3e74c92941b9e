import { expect, test } from './test.ts'
import { expectPictures } from './pictures.ts'
import { PEOPLE } from './places.ts'

test('whoever is not signed in signs in, and comes to where they wanted', async ({ winnow, page }) => {
  await page.goto(`${winnow.url}/leads`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expectPictures(page, 'sign-in')
  await page.getByLabel('E-mail address').fill(PEOPLE.sales.email)
  await page.getByLabel(/^Password/).fill('wrong wrong wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('The address and the password do not fit together.')).toBeVisible()
  await page.getByLabel(/^Password/).fill(PEOPLE.sales.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Leads', level: 1 })).toBeVisible()
})

test('the content policy stops nothing of ours', async ({ winnow }) => {
  const page = await winnow.as('sales', '/design')
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Components' })).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('keys go from place to place', async ({ winnow }) => {
  const page = await winnow.as('marketing', '/queue')
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await expect(page).toHaveURL(/\/leads$/)
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Find a page').fill('Defin')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/definition$/)
})

test('what an address has beside what a screen knows is nothing to it', async ({ winnow }) => {
  const page = await winnow.as('sales', '/leads?utm_source=newsletter&q=nobody&stage=mql')
  await expect(page).toHaveURL(/\/leads\?stage=mql$/)
  await expect(page.locator('main a[href^="/leads/"]').first()).toBeVisible()
})

test('the app speaks German', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue', { locale: 'de-DE' })
  await expect(page.getByRole('navigation', { name: 'Hauptbereiche' })).toBeVisible()
})
