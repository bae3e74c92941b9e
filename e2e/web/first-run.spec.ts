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

test('one button fills an empty Winnow with the demo company, and the queue has leads', async ({ winnow }) => {
  const page = await winnow.as('admin', '/welcome')
  // The same company, smaller: what is tested is the way to it.
  await page.route('**/api/demo', (route) =>
    route.request().method() === 'POST'
      ? route.continue({ postData: JSON.stringify({ leads: 300 }) })
      : route.fallback(),
  )
  await page.getByRole('button', { name: 'Load the demo company' }).click()
  await page.getByRole('link', { name: 'Open the queue' }).click({ timeout: 60_000 })
  const list = page.getByRole('list', { name: 'Leads to call' })
  await expect(list.getByRole('listitem').first()).toBeVisible()
  await expect(page.getByRole('note')).toContainText('made-up company')
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

test('settings say what came, who is where, what a key may do, and who did what', async ({ winnow }) => {
  const page = await winnow.as('admin', '/settings/sources')
  await page.getByLabel('New source').fill('Website')
  await page.getByRole('button', { name: 'Add' }).click()
  const source = page.getByRole('region', { name: 'Website' })
  await source.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('textbox', { name: 'New name of Website' }).fill('Shop')
  await page.keyboard.press('Enter')
  const shop = page.getByRole('region', { name: 'Shop' })
  await expect(shop.getByText('Nothing has come from it yet')).toBeVisible()
  const { rows } = await winnow.database.pool.query<{ write_key: string }>('select write_key from source')
  await page.request.post('/v1/batch', {
    headers: { authorization: `Basic ${btoa(`${rows[0]!.write_key}:`)}` },
    data: {
      batch: [
        { type: 'track', userId: '1', event: 'Seen' },
        { type: 'track', userId: '1' },
      ],
    },
  })
  await expect(shop.getByText('Last hour: 1 stored · 1 refused')).toBeVisible()

  const sam = await winnow.as('sales', '/settings/account')
  const added = await sam.request.post('/api/leads', {
    headers: { origin: winnow.url },
    data: { attributes: { email: 'nia@newmill.example' } },
  })
  expect(added.status()).toBe(201)
  await page.goto('/settings/people')
  await page.getByRole('button', { name: 'Where Sam Sales is signed in' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'End', exact: true }).click()
  await expect(dialog.getByText('Not signed in anywhere.')).toBeVisible()
  await sam.reload()
  await expect(sam).toHaveURL(/sign-in/)

  await page.goto('/settings/keys')
  await expect(page.getByRole('checkbox', { name: 'See the audit log' })).toBeVisible()

  await page.goto('/settings/audit')
  const lines = page.getByRole('row')
  await expect(lines.filter({ hasText: 'source.change' })).toHaveCount(1)
  await expect(lines.filter({ hasText: 'Sam Sales' })).not.toHaveCount(0)
  await page.getByRole('combobox', { name: 'Only this person' }).click()
  await page.getByRole('option', { name: 'Ada Admin' }).click()
  await expect(lines.filter({ hasText: 'Sam Sales' })).toHaveCount(0)
  await expect(lines.filter({ hasText: 'source.change' })).toHaveCount(1)
  await page.getByLabel('To', { exact: true }).fill('2026-06-15')
  await expect(page.getByText('Nothing of this kind has been done.')).toBeVisible()
  await page.reload()
  await expect(page.getByText('Nothing of this kind has been done.')).toBeVisible()
  await page.getByLabel('To', { exact: true }).fill('2026-06-16')
  await expect(lines.filter({ hasText: 'source.change' })).toHaveCount(1)
})
