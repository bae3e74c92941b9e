import type { Page } from '@playwright/test'
import { writeMode } from '../../packages/server/src/proposals/mode.ts'
import { expectNoBarriers } from './barriers.ts'
import { expect, test, type Winnow } from './test.ts'

const parts = (page: Page) => page.getByRole('navigation', { name: 'Parts of the definition' })

/** Begins a draft of the live version in the browser, and opens it. */
async function edit(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Change it' }).click()
  await expect(page).toHaveURL(/\/drafts\/[0-9a-f-]{36}/)
  await expect(parts(page)).toBeVisible()
  return /drafts\/([0-9a-f-]{36})/.exec(page.url())![1]!
}

async function textOf(page: Page, draft: string): Promise<string> {
  const reply = await page.request.get(`/api/definitions/drafts/${draft}`)
  return ((await reply.json()) as { text: string }).text
}

const isSaved = (page: Page) => expect(page.getByText('Saved', { exact: true })).toBeVisible()

/** Signing has a spec of its own: here one person publishes. */
const alone = ({ database }: Winnow) => writeMode(database.pool, 'one_person')

async function publishAs(page: Page, note: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Why').fill(note)
  await dialog.getByRole('button', { name: 'Publish' }).click()
  await expect(page).toHaveURL(/\/definition$/)
}

test('a part is called otherwise with all that refers to it, and a criterion goes to another group', async ({
  winnow,
}) => {
  const page = await winnow.as('marketing', '/definition')
  const draft = await edit(page)
  const before = await textOf(page, draft)
  // Whatever refers to the score follows; examples hold as before.
  await page.getByRole('button', { name: 'More for Fit' }).click()
  await page.getByRole('menuitem', { name: 'Rename…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('interest')
  await expect(dialog).toContainText('interest is taken')
  await dialog.getByLabel('Name').fill('Match')
  await expect(dialog).toContainText('It becomes match')
  await dialog.getByLabel('Name').press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByText('No mistakes')).toBeVisible()
  const renamed = before.replace('\n  fit:', '\n  match:').replaceAll(/(score: |scores: \{ )fit\b/g, '$1match')
  await expect.poll(() => textOf(page, draft)).toBe(renamed)
  await page.getByRole('tab', { name: 'Examples' }).click()
  await expect(page.getByText(/examples hold|The example holds/)).toBeVisible()

  // By keys, by mouse, by menu; each time it is the same lines that go.
  const rowsOf = (group: string) =>
    page
      .getByRole('button', { name: `Move ${group}` })
      .locator('xpath=..')
      .getByRole('button', { name: /: change$/ })
  const company = await rowsOf('Company').count()
  const handle = page.getByRole('button', { name: 'Move size', exact: true })
  await handle.scrollIntoViewIfNeeded()
  await page.getByRole('button', { name: 'More for size' }).click()
  await page.getByRole('menuitem', { name: 'Move to' }).click()
  await page.getByRole('menuitem', { name: /· Person$/ }).click()
  await expect(rowsOf('Company')).toHaveCount(company - 1)
  await handle.hover()
  await page.mouse.down()
  const target = (await rowsOf('Company').first().boundingBox())!
  await page.mouse.move(target.x, target.y + 40, { steps: 8 })
  await page.mouse.move(target.x, target.y + 4, { steps: 8 })
  await page.mouse.up()
  await expect(rowsOf('Company')).toHaveCount(company)
  await expect(page.getByText('No mistakes')).toBeVisible()

  // Which events count, and what an example tells, are sentences and fields.
  await parts(page).getByRole('button', { name: 'Activities' }).click()
  await page.getByRole('button', { name: 'pricing viewed: change' }).click()
  await page.getByRole('textbox', { name: 'Value', exact: true }).first().fill('/prices')
  await page.getByRole('textbox', { name: 'Value', exact: true }).first().press('Enter')
  await expect.poll(() => textOf(page, draft)).toContain('where: { path: /prices, robot: { known: false } }')
  await parts(page).getByRole('button', { name: 'Examples' }).click()
  await page.getByRole('button', { name: 'A head of operations in care asks for a demo: change' }).click()
  const fact = page.getByRole('button', { name: 'At that time: form submitted · demo: change' })
  await fact.click()
  await page.getByRole('combobox', { name: 'When' }).click()
  await page.getByRole('option', { name: 'so long before' }).click()
  await page.getByRole('textbox', { name: 'so long before' }).fill('2d')
  await page.getByRole('textbox', { name: 'so long before' }).press('Enter')
  await expect(page.getByRole('button', { name: '2d before: form submitted · demo: change' })).toBeVisible()
  await expect
    .poll(() => textOf(page, draft))
    .toMatch(/activity: form_submitted, properties: \{ form: demo \}, ago: 2d/)
})

test('a mistake in the text is marked at its place with what to do, and is not published', async ({ winnow }) => {
  await alone(winnow)
  const page = await winnow.as('marketing', '/definition')
  await edit(page)
  const text = page.getByRole('textbox', { name: 'YAML' })
  await text.click()
  await text.press('Control+End')
  await text.pressSequentially('playbook: 1')
  await expect(page.locator('.cm-lintRange-error').filter({ hasText: 'playbook' })).toBeVisible()
  await page.locator('.cm-lintRange-error').first().hover()
  await expect(page.locator('.cm-tooltip-lint')).toContainText('playbooks')
  await expect(page.getByRole('button', { name: '1 mistake' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Publish…' })).toBeDisabled()
  // Undone letter by letter or at once, by the same key as in any editor.
  await expect(async () => {
    await text.press('Control+z')
    await expect(page.getByRole('button', { name: '1 mistake' })).toBeHidden({ timeout: 2_000 })
  }).toPass()
  await expect(page.getByRole('button', { name: 'Publish…' })).toBeEnabled()
})

async function draftOf(winnow: Winnow, page: Page): Promise<string> {
  const reply = await page.request.post('/api/definitions/drafts', {
    headers: { origin: winnow.url },
    data: { name: 'Together', basedOn: 2 },
  })
  return ((await reply.json()) as { id: string }).id
}

test('two people edit one draft: both texts are shown, joined, and nothing is lost', async ({ winnow }) => {
  const mara = await winnow.as('marketing', '/queue')
  const draft = await draftOf(winnow, mara)
  await mara.goto(`/definition/drafts/${draft}`)
  const sam = await winnow.as('sales', `/definition/drafts/${draft}`)
  for (const page of [mara, sam]) await expect(parts(page)).toBeVisible()

  await sam.getByLabel('Cap of Person').fill('44')
  await sam.getByLabel('Cap of Person').press('Enter')
  await isSaved(sam)
  await mara.getByLabel('Cap of Company').fill('61')
  await mara.getByLabel('Cap of Company').press('Enter')
  const dialog = mara.getByRole('dialog')
  await expect(dialog).toContainText('Sam Sales saved this draft too')
  await expect(dialog).toContainText('cap: 44')
  await expect(dialog).toContainText('cap: 61')
  await dialog.getByRole('button', { name: 'Join both' }).click()
  await expect(dialog).toBeHidden()
  await isSaved(mara)
  await expect.poll(() => textOf(mara, draft)).toMatch(/cap: 61[\s\S]*cap: 44/)

  // Of one and the same place, somebody has to choose; the other text is not thrown away.
  await sam.getByLabel('Cap of Person').fill('45')
  await sam.getByLabel('Cap of Person').press('Enter')
  await sam.getByRole('dialog').getByRole('button', { name: 'put mine into a draft of its own' }).click()
  await expect(sam.getByRole('dialog')).toBeHidden()
  await expect(sam.getByLabel('Cap of Company')).toHaveValue('61')
  await sam.goto('/definition?tab=drafts')
  await expect(sam.getByRole('link', { name: 'Together (mine)' })).toBeVisible()
})

test('an older version is published again, and every two versions can be compared', async ({ winnow }) => {
  await alone(winnow)
  const page = await winnow.as('sales', '/definition?tab=versions')
  await page.getByRole('link', { name: 'version 1', exact: true }).click()
  await page.getByRole('tab', { name: 'What changed' }).click()
  await expect(page.getByRole('heading', { name: 'Scores' })).toBeVisible()
  await page.getByRole('button', { name: 'Publish this again' }).click()
  await expect(page.getByRole('dialog').getByLabel('Why')).toHaveValue('Back to version 1.')
  await publishAs(page, 'The second was too strict.')
  await page.getByRole('tab', { name: 'Versions' }).click()
  await expect(page.getByText('the text of version 1 again')).toBeVisible()
  await expect(page.getByText('The second was too strict.')).toBeVisible()
})

test('a thread about a part is begun, answered, settled, and brought back', async ({ winnow }) => {
  const mara = await winnow.as('marketing', '/queue')
  const draft = await draftOf(winnow, mara)
  await mara.goto(`/definition/drafts/${draft}`)
  await mara.getByRole('button', { name: 'More for Company' }).click()
  await mara.getByRole('menuitem', { name: 'Discuss' }).click()
  const field = mara.getByRole('textbox', { name: 'Say something about Fit · Company' })
  await expect(field).toBeFocused()
  await field.fill('Is 60 not too much?\n<b>Really</b>')
  await mara.getByRole('button', { name: 'Say it' }).click()
  const thread = (page: Page) => page.getByRole('region', { name: 'Thread about Fit · Company' })
  await expect(thread(mara)).toContainText('<b>Really</b>')
  await expect(mara.getByRole('tab', { name: 'Talk 1' })).toBeVisible()

  const sam = await winnow.as('sales', `/definition/drafts/${draft}?beside=talk`)
  await expect(thread(sam)).toContainText('Mara Market')
  await thread(sam).getByRole('textbox', { name: 'Answer' }).fill('For sales it is right.')
  await thread(sam).getByRole('button', { name: 'Say it' }).click()
  await expect(thread(sam)).toContainText('Sam Sales')
  await thread(sam).getByRole('button', { name: 'Settle' }).click()
  await expect(thread(sam)).toHaveCount(0)
  await expect(sam.getByText('Nothing to talk about')).toBeVisible()
  await sam.getByRole('alert').getByRole('button', { name: 'Undo' }).click()
  await expect(thread(sam)).toContainText('For sales it is right.')
  await mara.reload()
  await expect(thread(mara)).toContainText('For sales it is right.')
})

test('an editor stays as it is when another version goes live, and says that it did', async ({ winnow }) => {
  await alone(winnow)
  const mara = await winnow.as('marketing', '/definition')
  await edit(mara)
  await mara.getByLabel('Cap of Person').fill('44')
  await mara.getByLabel('Cap of Person').press('Enter')
  await isSaved(mara)
  const sam = await winnow.as('sales', '/definition/versions/1')
  await mara.context().route('**/api/definitions/versions/3', (route) => setTimeout(() => void route.continue(), 500))
  await sam.getByRole('button', { name: 'Publish this again' }).click()
  await publishAs(sam, 'The second was too strict.')
  await expect(mara.getByText('version 3 is live')).toBeVisible()
  await mara.getByRole('button', { name: 'Undo' }).click() // what could be undone still can be
  await expect(mara.getByLabel('Cap of Person')).not.toHaveValue('44')
})

test('what a draft is held against says so where it cannot be fetched, and is fetched again', async ({ winnow }) => {
  const page = await winnow.as('marketing', '/definition')
  const draft = await draftOf(winnow, page)
  const address = '**/api/definitions/versions/2'
  await page.context().route(address, (route) => route.fulfill({ status: 404, json: { error: { code: 'not_found' } } }))
  await page.goto(`/definition/drafts/${draft}`)
  await expect(page.getByRole('alert')).toBeVisible()
  await page.context().unroute(address)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(parts(page)).toBeVisible()
})

/** A definition in which everything that people write freely is markup. */
const hostileText = (markup: string) => {
  const said = (what: string) => JSON.stringify(`${what} ${markup}`)
  return `winnow: 1
name: ${said('name')}
description: ${said('about')}
attributes:
  size: { type: number, about: account, unit: '<b>units</b>', label: ${said('size')}, description: ${said('known')} }
  role: { type: choice, of: [${said('choice')}, other], label: ${said('role')}, question: ${said('question')} }
activities:
  asked: { from: asked, label: ${said('asked')}, description: ${said('event')} }
scores:
  fit:
    label: ${said('fit')}
    description: ${said('score')}
    groups:
      company:
        label: ${said('company')}
        criteria:
          - { id: size, label: ${said('criterion')}, table: size, bins: [{ below: 50, points: 10 }, { points: 60 }] }
          - { id: role, table: role, values: { ${said('choice')}: 40 }, unknown: 10 }
categories:
  quality:
    label: ${said('quality')}
    levels:
      - high: { label: ${said('high')}, description: ${said('level')}, when: { score: fit, at_least: 70 } }
      - low: {}
stages:
  - { id: lead, label: ${said('stage')} }
  - { id: mql, label: ${said('entered')}, enter: { category: quality, is: high } }
  - { id: sent_back, by: reject, reasons: [${said('reason')}] }
playbooks:
  call: { when: { category: quality, is: high }, title: ${said('playbook')}, steps: [${said('step')}] }
examples:
  - { name: ${said('example')}, as_of: 2026-03-02T09:00:00Z, facts: [], expect: { stage: lead } }
`
}

test('a definition full of markup is text wherever it is shown', async ({ winnow }) => {
  test.slow()
  await alone(winnow)
  const markup = '<img src=x onerror="document.title=1">'
  const page = await winnow.as('marketing', '/queue')
  const reply = await page.request.post('/api/definitions/drafts', {
    headers: { origin: winnow.url },
    data: { name: `draft ${markup}`, text: hostileText(markup) },
  })
  const { id } = (await reply.json()) as { id: string }
  const isText = async (...parts: readonly string[]) => {
    for (const part of parts) await expect(page.getByText(`${part} ${markup}`).first()).toBeVisible()
    await expect(page.locator('img[src=x]')).toHaveCount(0)
    expect(await page.title()).not.toBe('1')
  }
  await page.goto(`/definition/drafts/${id}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`draft ${markup}`)
  await expect(page.getByRole('button', { name: '5 hints' })).toBeVisible()
  for (const part of await parts(page).getByRole('button').all()) {
    await part.click()
    await isText()
  }
  for (const tab of ['Effect', 'Try a lead', /^Changes/, 'Examples', /^Talk/]) {
    await page.getByRole('tab', { name: tab }).click()
    await isText()
  }
  await page.getByRole('tab', { name: /^Changes/ }).click()
  await isText('fit')
  await page.getByRole('button', { name: 'Publish…' }).click()
  await expect(page.getByRole('dialog')).toContainText(markup)
  await publishAs(page, `note ${markup}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`name ${markup}`)
  await isText('note', 'about', 'fit', 'company', 'high', 'level', 'entered', 'playbook', 'step')
  await page.goto('/definition/versions/3?tab=changes')
  await isText('fit', 'quality')
  await page.goto('/queue')
  await expect(page.getByRole('heading', { name: 'Queue' })).toBeVisible()
  await isText()
})

test('no barriers, in both themes, wide and on a phone', async ({ winnow }) => {
  test.slow()
  const page = await winnow.as('marketing', '/definition', { reducedMotion: 'reduce' })
  const check = (what: string) => expectNoBarriers(page, what)
  await expect(page.getByRole('heading', { name: 'At a glance' })).toBeVisible()
  await check('document')
  await edit(page)
  await expect(page.getByText(/sampled leads/)).toBeVisible()
  await page.getByRole('button', { name: 'recommended: change' }).click()
  await check('scores')
  await parts(page).getByRole('button', { name: 'Categories' }).click()
  await page.getByRole('button', { name: 'hot: thresholds' }).click()
  await page.getByRole('tab', { name: 'Effect' }).click()
  await expect(page.getByTestId('effect')).toBeVisible()
  await check('categories')
  await page.getByRole('tab', { name: 'Try a lead' }).click()
  await expect(page.getByTestId('tried')).toBeVisible()
  await check('try')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('tab', { name: 'Form' }).click()
  await parts(page).getByRole('button', { name: 'Scores' }).click()
  await page.getByRole('textbox', { name: 'Points for recommended' }).fill('9')
  await page.getByRole('textbox', { name: 'Points for recommended' }).press('Enter')
  await isSaved(page)
  await page.getByRole('button', { name: 'size: change' }).click()
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  await check('phone')
})

test('document and editor look as they did', async ({ winnow }) => {
  test.slow()
  const page = await winnow.as('marketing', '/definition', { viewport: WIDE, reducedMotion: 'reduce' })
  const shoot = async (name: string) => {
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
    await page.evaluate(() => document.fonts.ready)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect(page).toHaveScreenshot(`${name}-${colorScheme}.png`, { animations: 'disabled', caret: 'hide' })
    }
  }
  await expect(page.getByRole('heading', { name: 'At a glance' })).toBeVisible()
  await shoot('definition-wide')
  await page.setViewportSize({ width: 390, height: 844 })
  await shoot('definition-phone')
  await page.setViewportSize(WIDE)
  await edit(page)
  await parts(page).getByRole('button', { name: 'Categories' }).click()
  await page.getByRole('button', { name: 'high: thresholds' }).click()
  await expect(page.locator('.cm-line').first()).toBeVisible()
  await expect(page.getByText(/sampled leads/)).toBeVisible()
  await shoot('editor-wide')
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(page.getByRole('tab', { name: 'Form' })).toBeVisible()
  await shoot('editor-phone')
})

const WIDE = { width: 1360, height: 860 }

test('an engine that does not load at first is loaded again, and one that never does is told', async ({ winnow }) => {
  const page = await winnow.as('marketing', '/definition')
  let isAway = false
  let refused = 0
  await page.context().route(/engine\.worker/, (route) => {
    if (!isAway && refused > 0) return route.continue()
    refused += 1
    return route.abort()
  })
  await edit(page)
  await expect(page.getByText('No mistakes')).toBeVisible()
  expect(refused).toBe(1)

  isAway = true
  await page.reload()
  const told = page.getByRole('alert').filter({ hasText: 'Nothing checks this draft' })
  await expect(told).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('No mistakes')).toBeHidden()
  isAway = false
  await told.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('No mistakes')).toBeVisible()
  await expect(told).toBeHidden()
})
