import { expect, test } from './test.ts'

test.use({ isEmpty: true })

test('an empty Winnow says how to begin, and tells of the first event of a new source', async ({ winnow }) => {
  const page = await winnow.as('admin', '/queue')
  await page.getByRole('link', { name: 'How to begin' }).click()
  await expect(page.getByRole('button', { name: 'Load the demo company' })).toBeEnabled()
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('button', { name: 'Make a key' }).click()
  await expect(page.getByText('Waiting for your first event')).toBeVisible()
  const { rows } = await winnow.database.pool.query<{ write_key: string }>('select write_key from source')
  const sent = await page.request.post('/v1/track', {
    headers: { authorization: `Basic ${btoa(`${rows[0]!.write_key}:`)}` },
    data: { userId: '1', event: '<img src=x onerror=alert(1)>' },
  })
  expect(sent.status()).toBe(200)
  await expect(page.getByText('Your first event has been received.')).toBeVisible()
})

test('somebody is invited and joins; a key is shown once', async ({ winnow }) => {
  const page = await winnow.as('admin', '/settings/people')
  await page.getByLabel('E-mail address').fill('grace@example.com')
  await page.getByRole('button', { name: 'Invite' }).click()
  const link = await page.getByRole('alert').locator('code').textContent()
  const guest = await winnow.as('reader', '/settings/account')
  await guest.goto(new URL(link!, winnow.url).pathname + new URL(link!, winnow.url).search)
  await guest.getByLabel('Your name').fill('Grace Hopper')
  await guest.getByLabel(/^Password/).fill('nanoseconds and moths')
  await guest.getByRole('button', { name: 'Join' }).click()
  await expect(guest.getByText('Grace Hopper')).toBeVisible()

  await page.getByRole('tab', { name: 'API keys' }).click()
  await page.getByLabel('Name').fill('Nightly export')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await expect(page.getByText('It is shown this once')).toBeVisible()
  await page.reload()
  await expect(page.getByText('Nightly export')).toBeVisible()
  await expect(page.getByText('It is shown this once')).toBeHidden()
})
