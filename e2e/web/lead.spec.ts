import type { Locator, Page } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { expect, test, type Winnow } from './test.ts'

interface LeadListed {
  readonly id: string
  readonly name: string | null
  readonly account: { readonly id: string } | null
}

async function leadsBy(page: Page, query: string): Promise<readonly LeadListed[]> {
  const reply = await page.request.get(`/api/leads?${query}`)
  return ((await reply.json()) as { items: readonly LeadListed[] }).items
}

async function addLead(winnow: Winnow, page: Page, body: object): Promise<string> {
  const reply = await page.request.post('/api/leads', { data: body, headers: { origin: winnow.url } })
  expect(reply.status()).toBe(201)
  return ((await reply.json()) as { id: string }).id
}

/** `+46.9`, `−4`, `72` */
const numberIn = (text: string) => Number(text.replace('−', '-').replace('+', '').trim())
const inTenths = (values: readonly number[]) => Math.round(values.reduce((sum, value) => sum + value, 0) * 10)
const points = async (rows: Locator) => (await rows.locator('td').allInnerTexts()).map(numberIn)

test('the lines of a score add up to what stands above them', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  const [lead] = await leadsBy(page, 'q=Noor%20Zell')
  await page.goto(`/leads/${lead!.id}`)
  const scores = page.getByRole('region', { name: /^Score / })
  await expect(scores).toHaveCount(2)
  for (const score of await scores.all()) {
    const groups: number[] = []
    for (const group of await score.locator('tbody').all()) {
      const head = await points(group.locator('tr[data-row=group]'))
      const lines = await points(group.locator('tr[data-row=line]'))
      if (head.length > 0) expect(inTenths(lines)).toBe(inTenths(head))
      groups.push(...(head.length > 0 ? head : lines))
    }
    const [sum] = await points(score.locator('tfoot tr'))
    expect(inTenths(groups)).toBe(inTenths([sum!]))
    expect(numberIn(await score.locator('header strong').innerText())).toBe(sum)
  }
  await expect(page.getByText('the group gives at most')).not.toHaveCount(0)
  await expect(page.getByText('faded from')).not.toHaveCount(0)
  await expect(page.getByText('How do you plan shifts today?').first()).toBeVisible()
})

test('who reads German is told why in German, in the queue and of a lead', async ({ winnow }) => {
  const page = await winnow.as('sales', '/healthz')
  await page.evaluate(() => localStorage.setItem('winnow.language', 'de'))
  await page.goto('/queue')
  await expect(page.getByText(/Demo requested vor \d+ Tagen/i).first()).toBeVisible()
  const [lead] = await leadsBy(page, 'q=Noor%20Zell')
  await page.goto(`/leads/${lead!.id}`)
  const main = page.getByRole('main')
  await expect(main.getByText(/^1 × „.+“, zuletzt vor .+, verblasst von \d+$/).first()).toBeVisible()
  await expect(main.getByText('die Gruppe gibt höchstens').first()).toBeVisible()
  await expect(main.getByText(/the latest|faded from|limited to|would bring|gives at most/)).toHaveCount(0)
})

test('what one decides another sees, and it can be taken back', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  const [lead] = await leadsBy(page, 'stage=mql')
  await page.goto(`/leads/${lead!.id}`)
  const other = await winnow.as('marketing', `/leads/${lead!.id}`)
  const theirs = other.getByRole('region', { name: 'What happened' })
  await expect(theirs.getByRole('listitem').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible()

  await page.keyboard.press('a')
  await page.getByRole('dialog').getByRole('button', { name: 'Accept' }).press('Enter')
  const timeline = page.getByRole('region', { name: 'What happened' })
  await expect(timeline.getByText('Accepted')).toBeVisible()
  await expect(timeline.getByText('by Sam Sales')).toBeVisible()
  await expect(timeline.getByRole('listitem').filter({ hasText: 'MQL→SAL' })).toHaveCount(1)

  await expect(other.getByText('Just now')).toBeVisible()
  await expect(theirs.getByText('Accepted')).toHaveCount(0)
  await theirs.getByRole('button', { name: /new entr/ }).click()
  await expect(theirs.getByText('Accepted')).toBeVisible()

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(timeline.getByText('Overridden')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible()

  await page.getByRole('button', { name: 'Reject' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Reject' })).toBeDisabled()
  await dialog.getByText('Not now', { exact: true }).click()
  await dialog.getByRole('button', { name: 'Reject' }).click()
  await expect(timeline.getByText('Not now')).toBeVisible()

  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Override…' }).click()
  await dialog.getByRole('combobox', { name: 'What' }).click()
  await page.getByRole('option', { name: 'Interest' }).click()
  await dialog.getByRole('combobox', { name: 'Becomes' }).click()
  await page.getByRole('option', { name: 'Cold' }).click()
  await dialog.getByLabel('Until').fill('2026-06-20T10:00')
  await dialog.getByLabel('In your own words').fill('Told me so')
  await dialog.getByRole('button', { name: 'Override' }).click()
  await expect(timeline.getByText('Told me so')).toBeVisible()
  await expect(timeline.getByText(/Interest: Cold · until 20 Jun 2026/)).toBeVisible()
})

test('a line of the ledger opens what was said then, and every instant has its address', async ({ winnow }) => {
  const page = await winnow.as('reader', '/queue')
  const [lead] = await leadsBy(page, 'q=Noor%20Zell')
  await page.goto(`/leads/${lead!.id}`)
  const interest = page.getByRole('region', { name: 'Score Interest' }).locator('header strong')
  const now = await interest.innerText()
  await expect(page.getByRole('button', { name: 'Accept' })).toHaveCount(0)
  await page.getByText('Levels and stages', { exact: true }).click()
  await expect(page).toHaveURL(/show=levels/)
  const first = page.getByRole('listitem').filter({ hasText: 'Why then?' }).last()
  await expect(first).toContainText('Stage')
  await first.getByRole('link', { name: 'Why then?' }).click()
  await expect(page).toHaveURL(/at=20/)
  await expect(page.getByText(/^As it was on/).last()).toBeVisible()
  await expect(interest).not.toHaveText(now)
  const then = await interest.innerText()
  await page.reload()
  await expect(interest).toHaveText(then)
  await page.getByRole('button', { name: 'The change after' }).click()
  await expect(interest).not.toHaveText(then)
  await page.goBack()
  await expect(interest).toHaveText(then)
  await page.getByRole('button', { name: 'Back to now' }).click()
  await expect(page).not.toHaveURL(/at=/)
  await expect(interest).toHaveText(now)

  await page.getByRole('button', { name: 'As it was on…' }).click()
  await page.getByLabel('Date and time').fill('2020-01-01T10:00')
  await page.getByRole('button', { name: 'Go there' }).click()
  await expect(page.getByText('Nobody knew of this lead before')).toBeVisible()
  // The version that was live then had one score only.
  await expect(page.getByRole('region', { name: 'Score Points' }).locator('header strong')).toHaveText('0')
})

test('an answer moves the score at once and can be taken back', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  const id = await addLead(winnow, page, { attributes: { name: 'Nia New', email: 'nia@newmill.example' } })
  await page.goto(`/leads/${id}`)
  const fit = page.getByRole('region', { name: 'Score Fit' }).locator('header strong')
  await expect(fit).toHaveText('41')
  const questions = page.getByRole('region', { name: 'Worth asking' })
  await questions.getByRole('combobox', { name: 'What do you do there?' }).click()
  await page.getByRole('option', { name: 'head' }).click()
  await expect(fit).toHaveText('55')
  await expect(page.getByText('+14 since you opened this')).toBeVisible()
  await expect(questions.getByText('What do you do there?')).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(fit).toHaveText('41')

  await questions.getByRole('textbox', { name: 'How many people work there?' }).fill('120')
  await questions.getByRole('textbox', { name: 'How many people work there?' }).press('Enter')
  await expect(fit).toHaveText('61')
  await expect(page.getByRole('region', { name: 'Company', exact: true }).getByText('120 people')).toBeVisible()
})

test('two leads become one, after a look at both, and two again', async ({ winnow }) => {
  const page = await winnow.as('marketing', '/queue')
  const first = await addLead(winnow, page, { attributes: { name: 'Mona Twice', email: 'mona@first.example' } })
  await addLead(winnow, page, {
    attributes: { name: 'Mona Double', email: 'mona@second.example', role: 'owner' },
  })
  await page.goto(`/leads/${first}`)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: /Merge/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/Name or e-mail/).fill('Mona Doub')
  await dialog.getByRole('button', { name: /Mona Double/ }).click()
  await expect(dialog.getByRole('row', { name: /Role/ })).toContainText('owner')
  await dialog.getByLabel(/How do you know/).fill('They said so')
  await dialog.getByRole('button', { name: 'Merge' }).click()
  const merges = page.getByRole('region', { name: 'Merges' })
  await expect(merges.getByText('They said so')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mona Double')
  await merges.getByRole('button', { name: 'Tell apart again' }).click()
  await expect(merges.getByText(/undone by Mara/)).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mona Twice')
})

test('two accounts become one, after a look at both, and two again', async ({ winnow }) => {
  const page = await winnow.as('marketing', '/queue')
  for (const [name, domain] of [
    ['Mona Mill', 'mill.example'],
    ['Bo Works', 'millworks.example'],
  ] as const) {
    await addLead(winnow, page, { attributes: { name, email: `someone@${domain}` } })
  }
  const said = { name: { kind: 'domain', value: 'millworks.example' }, attributes: { industry: 'paper' } }
  await page.request.post('/api/accounts', { data: said, headers: { origin: winnow.url } })
  const { items } = await (await page.request.get('/api/accounts?q=mill.')).json()
  await page.goto(`/accounts/${items[0].id}`)
  const people = page.getByRole('region', { name: 'People' })
  await expect(people.getByText('Mona Mill')).toBeVisible()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: /Merge/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/Name or domain/).fill('millw')
  await dialog.getByRole('button', { name: /millworks/ }).click()
  await expect(dialog.getByRole('row', { name: /Industry/ })).toContainText('paper')
  await expect(dialog.getByRole('row', { name: /Known as/ })).toContainText('millworks.example')
  await dialog.getByLabel(/How do you know/).fill('One company register')
  await dialog.getByRole('button', { name: 'Merge' }).click()
  await expect(people.getByText('Bo Works')).toBeVisible()
  const merges = page.getByRole('region', { name: 'Merges' })
  await expect(merges.getByText('One company register')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Known as' })).toContainText('millworks.example')
  await merges.getByRole('button', { name: 'Tell apart again' }).click()
  await expect(merges.getByText(/undone by Mara/)).toBeVisible()
  await expect(people.getByText('Bo Works')).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(people.getByText('Bo Works')).toBeVisible()
})

test('what strangers send is text', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  const markup = '<img src=x onerror="document.title=1">'
  const id = await addLead(winnow, page, {
    attributes: { name: `Eve ${markup}`, email: 'eve@evil.example', campaign: `camp ${markup}` },
    account: { kind: 'domain', value: 'evil.example' },
    touch: { source: 'ads', campaign: `touch ${markup}`, page: 'javascript:alert(1)' },
  })
  await page.request.post(`/api/leads/${id}/activities`, {
    headers: { origin: winnow.url },
    data: {
      activities: [
        { type: 'page', properties: { path: `/pricing`, title: `title ${markup}`, url: 'javascript:alert(2)' } },
      ],
    },
  })
  await page.goto(`/leads/${id}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Eve ${markup}`)
  for (const part of ['camp', 'touch']) await expect(page.getByText(`${part} ${markup}`).first()).toBeVisible()
  await page.getByText('Activities', { exact: true }).click()
  await expect(page.getByText(markup).last()).toBeVisible()
  await page.getByRole('region', { name: 'Over time' }).getByRole('button', { name: 'Show as a table' }).click()
  await expect(page.getByRole('region', { name: 'Over time' }).getByText(markup)).toHaveCount(1)
  await page.getByRole('region', { name: 'Company' }).getByRole('link').click()
  await expect(page.getByText(markup).last()).toBeVisible()
  expect(await page.locator('img[src=x], a[href^="javascript:"]').count()).toBe(0)
})

test('lead and account can be read by everybody, in both themes, on a phone', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  const [lead] = await leadsBy(page, 'q=Noor%20Zell')
  for (const path of [`/leads/${lead!.id}`, `/accounts/${lead!.account!.id}`]) {
    await page.setViewportSize({ width: 1360, height: 860 })
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible()
    await expect(page.getByRole('main').locator('[aria-busy]')).toHaveCount(0)
    await expectNoBarriers(page)
    await page.setViewportSize({ width: 390, height: 844 })
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    await expect.poll(overflow).toBeLessThanOrEqual(0)
  }
})

test('lead and account look as they did', async ({ winnow }) => {
  const page = await winnow.as('sales', '/queue')
  const [lead] = await leadsBy(page, 'q=Noor%20Zell')
  for (const [name, path] of [
    ['lead', `/leads/${lead!.id}`],
    ['account', `/accounts/${lead!.account!.id}`],
  ] as const) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible()
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
    await page.evaluate(() => document.fonts.ready)
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize(viewport)
        await expect(page).toHaveScreenshot(`${name}-${size}-${colorScheme}.png`, { animations: 'disabled' })
      }
    }
  }
})

const SIZES = { wide: { width: 1360, height: 860 }, phone: { width: 390, height: 844 } }

test('whoever objects to scoring is not assessed any more, and the ledger says how we know', async ({ winnow }) => {
  const page = await winnow.as('sales', '/leads?stage=lead')
  await page.locator('main a[href^="/leads/"]').first().click()
  const consent = page.getByRole('region', { name: 'Consent' })
  await expect(consent).toContainText('Nothing is written down yet.')
  const record = async (about: string, answer: string, evidence: string) => {
    await consent.getByRole('button', { name: 'Record' }).click()
    const dialog = page.getByRole('dialog', { name: 'Record consent' })
    await dialog.getByRole('combobox', { name: 'About' }).click()
    await page.getByRole('option', { name: about }).click()
    await dialog.getByText(answer, { exact: true }).click()
    await dialog.getByLabel('How we know').fill(evidence)
    await expectNoBarriers(page)
    await dialog.getByRole('button', { name: 'Record' }).click()
    await expect(dialog).toBeHidden()
  }
  await record('E-mail', 'Given', 'Form of the fair <b>bold</b>')
  await expect(consent).toContainText('Form of the fair <b>bold</b>')
  await record('Scoring', 'Objected', 'A letter')
  await expect(page.getByText('Excluded: objected to scoring')).toBeVisible()
  await record('E-mail', 'Withdrawn', 'A call')
  await expect(consent).not.toContainText('Form of the fair')
  await consent.getByRole('button', { name: 'All 3 lines' }).click()
  await expect(consent).toContainText('Form of the fair')
})

test('an administrator erases a person for good, and lets them in again', async ({ winnow }) => {
  const page = await winnow.as('admin', '/leads?stage=lead')
  await page.locator('main a[href^="/leads/"]').first().click()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Erase…' }).click()
  const address = new URL(page.url()).pathname
  const dialog = page.getByRole('dialog', { name: 'Erase this person' })
  const confirm = dialog.getByRole('button', { name: 'Erase for good' })
  await expect(confirm).toBeDisabled()
  await expectNoBarriers(page)
  const typed = dialog.getByRole('textbox', { name: /^Type / })
  const email = /^Type (\S+@\S+) to go on$/.exec(
    await typed.evaluate((input: HTMLInputElement) => input.labels![0]!.textContent),
  )![1]!
  await typed.fill(email)
  await confirm.click()
  await expect(page.getByText('They are erased.')).toBeVisible()
  await expect(page).toHaveURL(/\/leads$/)
  await page.getByPlaceholder('Name or e-mail').fill(email)
  await expect(page.getByText('Nobody fits all of this')).toBeVisible()
  await page.goto(address)
  await expect(page.getByText('There is nothing here')).toBeVisible()
  await page.goto('/leads')
  await expect(page.getByRole('main')).toContainText('Leads399')

  await page.goto('/settings/erasures')
  await expect(page.getByRole('row', { name: /Ada Admin/ })).toBeVisible()
  await expectNoBarriers(page)
  await page.getByRole('textbox', { name: 'Name' }).fill(email)
  await page.getByRole('button', { name: 'Let in' }).click()
  await expect(page.getByRole('status')).toContainText('They may come in again.')
  const rep = await winnow.as('sales', '/leads?stage=lead')
  await rep.locator('main a[href^="/leads/"]').first().click()
  await rep.getByRole('button', { name: 'More', exact: true }).click()
  await expect(rep.getByRole('menuitem', { name: 'Print' })).toBeVisible()
  await expect(rep.getByRole('menuitem', { name: 'Erase…' })).toHaveCount(0)
})
