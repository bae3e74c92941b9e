import type { Page } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { sign } from './sign.ts'
import { expect, test, type Winnow } from './test.ts'

/** A draft that asks for less of a good lead, as somebody has written it. */
async function newDraft(
  winnow: Winnow,
  page: Page,
  change = (text: string) => text.replace('at_least: 66', 'at_least: 58'),
) {
  const { text } = (await (await page.request.get('/api/definitions/versions/2')).json()) as { text: string }
  const reply = await page.request.post('/api/definitions/drafts', {
    headers: { origin: winnow.url },
    data: { name: 'Lower the bar', text: change(text) },
  })
  return ((await reply.json()) as { id: string }).id
}

async function propose(page: Page, draft: string, why: string): Promise<string> {
  await page.goto(`/definition/drafts/${draft}`)
  await page.getByRole('button', { name: 'Propose…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('High now begins at Fit 58 (was 66)')
  await dialog.getByLabel('Why').fill(why)
  await dialog.getByRole('button', { name: 'Propose' }).click()
  await expect(page).toHaveURL(/\/definition\/proposals\/[0-9a-f-]{36}$/)
  // All leads are tried; that takes what it takes.
  await expect(page.getByText(/leads would change\./)).toBeVisible({ timeout: 90_000 })
  return new URL(page.url()).pathname
}

test('a change of the draft takes the signatures back, and says so before and after', async ({ winnow }) => {
  test.setTimeout(240_000) // each proposal is tried on all leads
  const mara = await winnow.as('marketing', '/queue')
  const draft = await newDraft(winnow, mara)
  const place = await propose(mara, draft, 'More of them.')
  await sign(mara, 'Yes.')
  await mara.goto(`/definition/drafts/${draft}`)
  await expect(mara.getByText('Changing its text withdraws the proposal and its signature.')).toBeVisible()
  const text = mara.getByRole('textbox', { name: 'YAML' })
  await text.click()
  await text.press('Control+End')
  await text.pressSequentially('# said once more')
  await expect(mara.getByText('withdrawn, with its signature: the text is another now')).toBeVisible()
  await expect(mara.getByRole('button', { name: 'Propose…' })).toBeEnabled()
  await mara.goto(place)
  await expect(mara.getByText('Mara Market changed the draft')).toBeVisible()
  await expect(mara.getByText('Mara Market had signed another text')).toBeVisible()
})

test('an administrator says that one person is enough, signs alone, and it goes live at its time', async ({
  winnow,
}) => {
  test.setTimeout(240_000) // each proposal is tried on all leads
  const ada = await winnow.as('admin', '/settings/signing')
  await ada.getByRole('radio', { name: 'One person is enough' }).click()
  await expect(ada.getByText('From now on: One person is enough.')).toBeVisible()
  const draft = await newDraft(winnow, ada)
  await propose(ada, draft, 'On my own.')
  await sign(ada, 'Alone.')
  await ada.getByRole('button', { name: 'Let it go live…' }).click()
  const dialog = ada.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'At a time' }).check()
  await dialog.getByLabel('Reason for going live all the same').fill('Alone, and in a hurry.')
  await dialog.getByRole('button', { name: 'Schedule' }).click()
  await expect(ada.getByText(/^Goes live on/)).toBeVisible()
  await expectNoBarriers(ada)
  await ada.setViewportSize({ width: 390, height: 844 })
  const overflow = await ada.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  await ada.emulateMedia({ colorScheme: 'dark' })
  // Its time comes: nobody has to do anything.
  await winnow.database.pool.query(`update proposal set goes_live_at = now() - interval '100 years'`)
  await expect(ada.getByRole('link', { name: 'It became version 3' })).toBeVisible()
  await ada.goto('/definition?tab=versions')
  await expect(ada.getByRole('row', { name: /version 3/ })).toContainText('one person, alone')
})
