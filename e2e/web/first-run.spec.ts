import { expectNoBarriers } from './barriers.ts'
import { expectPictures } from './pictures.ts'
import { expect, test } from './test.ts'

test.use({ isEmpty: true })

test('an empty Winnow says how to begin, and tells of the first event of a new source', async ({ winnow }) => {
  const page = await winnow.as('admin', '/queue')
  await page.getByRole('link', { name: 'How to begin' }).click()
  await expect(page.getByRole('button', { name: 'Load the demo company' })).toBeEnabled()
  await expectPictures(page, 'welcome')
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
  const password = guest.getByRole('textbox', { name: /^Password/ })
  await password.fill('nano')
  await expect(guest.getByText('10 characters or more: 6 to go')).toBeVisible()
  await guest.getByRole('button', { name: 'Join' }).click()
  await expect(password).toHaveAttribute('data-invalid', 'true')
  await password.fill('nanoseconds and moths')
  await expect(guest.getByText('Long enough')).toBeVisible()
  await guest.getByRole('button', { name: 'Join' }).click()
  await expect(guest.getByText('Grace Hopper')).toBeVisible()
  // The same link once more, one without a token, and a wrong password: each says what to do.
  const stranger = await (await guest.context().browser()!.newContext({ baseURL: winnow.url })).newPage()
  await stranger.goto(new URL(link!, winnow.url).pathname + new URL(link!, winnow.url).search)
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('This link works no longer')
  await expect(stranger.getByText('Ask whoever invited you')).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await stranger.emulateMedia({ colorScheme })
    await expectNoBarriers(stranger, 'a dead link')
  }
  await stranger.goto('/reset')
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('A link is missing')
  await stranger.setViewportSize({ width: 390, height: 844 })
  await stranger.getByRole('link', { name: 'To signing in' }).click()
  await stranger.getByLabel('E-mail address').fill('grace@example.com')
  await stranger.getByRole('textbox', { name: /^Password/ }).fill('nanoseconds')
  await stranger.keyboard.press('Enter')
  await expect(stranger.getByText('do not fit together')).toBeVisible()
  await expectNoBarriers(stranger, 'signing in')
  await stranger.getByRole('textbox', { name: /^Password/ }).fill('nanoseconds and moths')
  await stranger.keyboard.press('Enter')
  await expect(stranger).toHaveURL(/queue/)
  await stranger.context().close()

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
  await expect(sam.getByText('Chrome on Linux').first()).toBeVisible()
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

  // What is set aside, and how messages are read, is kept as it was entered.
  await page.goto('/settings/exclusions')
  await page.getByLabel('Competitors').fill('rival.example')
  await page.getByRole('button', { name: 'Add an attribute' }).click()
  await page.getByRole('textbox', { name: 'Attribute 1' }).fill('source')
  await page.getByRole('textbox', { name: 'Value 1' }).fill('partner_test')
  await page.getByRole('combobox', { name: 'Events that say who somebody is' }).fill('Booked')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'Domains that are companies after all' }).fill('mail.example')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The exclusions are saved.')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('textbox', { name: 'Value 1' })).toHaveValue('partner_test')
  await expect(page.getByText('Booked', { exact: true })).toBeVisible()
  const kept = await (await page.request.get('/api/capture/settings')).json()
  expect(kept).toMatchObject({
    excluded: {
      emails: [{ match: 'rival.example' }],
      attributes: [{ name: 'source', is: 'partner_test', as: 'test' }],
    },
    personalDomains: { more: [], not: ['mail.example'] },
    namesMax: { event: 1000 },
  })
  expect((kept as { identifyingEvents: string[] }).identifyingEvents).toContain('Booked')
  await expectNoBarriers(page, 'exclusions')

  await page.goto('/settings/audit')
  const lines = page.getByRole('listitem')
  const changed = lines.filter({ hasText: 'Ada Admin changed a source · Shop' })
  await expect(changed).toHaveCount(1)
  await expect(changed.getByRole('link', { name: 'Shop' })).toHaveAttribute('href', '/settings/sources')
  await expect(lines.filter({ hasText: 'Sam Sales added a lead' })).not.toHaveCount(0)
  await page.getByRole('combobox', { name: 'Only this person' }).click()
  await page.getByRole('option', { name: 'Ada Admin' }).click()
  await expect(lines.filter({ hasText: 'Sam Sales added a lead' })).toHaveCount(0)
  await page.getByRole('combobox', { name: 'What was done' }).click()
  await page.getByRole('option', { name: 'changed a source' }).click()
  await expect(lines).toHaveCount(1)
  await expectNoBarriers(page, 'audit log')
  await page.getByLabel('To', { exact: true }).fill('2026-06-15')
  await expect(page.getByText('Nothing of this kind has been done.')).toBeVisible()
  await page.reload()
  await expect(page.getByText('Nothing of this kind has been done.')).toBeVisible()
  await page.getByLabel('To', { exact: true }).fill('2026-06-16')
  await expect(changed).toHaveCount(1)
})
