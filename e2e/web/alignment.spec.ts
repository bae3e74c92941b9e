import type { Page } from '@playwright/test'
import { expectNoBarriers } from './barriers.ts'
import { expectPictures } from './pictures.ts'
import { expect, test } from './test.ts'

const SIZE = 10

/** All leads by keyboard alone. */
async function judgeByKeys(page: Page): Promise<void> {
  for (let place = 1; place <= SIZE; place++) {
    await expect(page.getByRole('heading', { name: `Lead ${place} of ${SIZE}` })).toBeVisible()
    await page.keyboard.press('1')
    await page.keyboard.press('y')
    await page.keyboard.press('r')
    await page.keyboard.type(`reason ${place}`)
    await page.keyboard.press('Enter')
  }
  await expect(page.getByText(`${SIZE} of ${SIZE} judged`)).toBeVisible()
}

/** The same without looking. */
async function judge(page: Page, from: number, said: (place: number) => object): Promise<void> {
  const session = new URL(page.url()).pathname.split('/').at(-1)
  for (let place = from; place <= SIZE; place++) {
    const reply = await page.request.put(`/api/alignment/sessions/${session}/leads/${place}/rating`, {
      headers: { origin: new URL(page.url()).origin },
      data: { reason: `reason ${place}`, ...said(place) },
    })
    expect(reply.status()).toBe(200)
  }
}

test('three people judge the same leads alone, see where they differ, and learn from it', async ({ winnow }) => {
  test.setTimeout(120_000)
  const ada = await winnow.as('admin', '/alignment')
  await expect(ada.getByText('No session yet')).toBeVisible()
  await ada.getByRole('main').getByRole('button', { name: 'Start a session' }).click()
  const dialog = ada.getByRole('dialog')
  await dialog.getByLabel('What is it called?').fill('Spring <b>leads</b>')
  await dialog.getByLabel('Team of Ada Admin').selectOption('Marketing')
  await expect(dialog.getByLabel('Team of Sam Sales')).toHaveValue('sales')
  await dialog.getByRole('slider').press('Home')
  await expect(dialog.getByText('How many leads: 10')).toBeVisible()
  await expectNoBarriers(ada, 'dialog')
  await dialog.getByRole('button', { name: 'Draw the leads and begin' }).click()
  await expect(ada.getByRole('heading', { name: 'Spring <b>leads</b>' })).toBeVisible()
  const address = new URL(ada.url()).pathname

  // Nothing on its way to a browser says who it is or what became of it.
  const { rows } = await winnow.database.pool.query<{ lead_id: string }>('select lead_id from alignment_lead')
  const mara = await winnow.as('marketing', '/queue')
  const heard: string[] = []
  mara.on('response', async (response) => {
    if (response.url().includes('/api/alignment')) heard.push(await response.text().catch(() => ''))
  })
  await mara.goto(address)
  await judgeByKeys(mara)
  await expect(mara.getByText('That was the last one. Thank you.')).toBeVisible()
  expect(heard.length).toBeGreaterThan(SIZE)
  for (const { lead_id } of rows) expect(heard.join()).not.toContain(lead_id)
  expect(heard.join()).not.toMatch(/"outcome"|"said"|@/)
  expect(
    (await mara.request.get(`/api${address.replace('/alignment/', '/alignment/sessions/')}/result`)).status(),
  ).toBe(409)

  // Somebody stops half-way and goes on where they were; on a phone, by thumb.
  const sam = await winnow.as('sales', address, { viewport: { width: 390, height: 844 }, hasTouch: true })
  for (const place of [1, 2]) {
    await expect(sam.getByRole('heading', { name: `Lead ${place} of ${SIZE}` })).toBeVisible()
    await sam.getByRole('group', { name: 'How good' }).getByRole('button', { name: 'Cold' }).tap()
    await sam.getByRole('group', { name: 'Would you call' }).getByRole('button', { name: 'No' }).tap()
    await expect(sam.getByText('Saved')).toBeVisible()
    await sam.getByRole('button', { name: 'Next' }).tap()
  }
  expect(await sam.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await expectNoBarriers(sam, 'judging')
  await sam.goto('/alignment')
  await expect(sam.getByText('8 still to judge')).toBeVisible()
  await sam.getByRole('link', { name: /Spring/ }).tap()
  await expect(sam.getByRole('heading', { name: `Lead 3 of ${SIZE}` })).toBeVisible()
  await sam.goto(`${address}?lead=1`)
  await expect(sam.getByRole('button', { name: 'Cold' })).toHaveAttribute('aria-pressed', 'true')
  await judge(sam, 1, (place) => (place <= 5 ? { level: 'cold', wouldCall: false } : { level: 'hot', wouldCall: true }))

  await ada.getByRole('button', { name: 'Reveal' }).click()
  await expect(ada.getByRole('dialog')).toContainText('Not everybody is through: Ada Admin')
  await ada.getByRole('button', { name: 'Cancel' }).click()
  await judge(ada, 1, (place) => ({ level: 'hot', wouldCall: place !== 1 }))
  await ada.reload()
  await ada.getByRole('button', { name: 'Reveal' }).click()
  await ada.getByRole('dialog').getByRole('button', { name: 'Reveal' }).click()

  const agree = ada.getByRole('region', { name: 'Do we agree?' })
  // Marketing says hot of every lead, sales of half: as often alike as chance would.
  await expect(agree.getByRole('row', { name: /^Marketing and sales/ })).toContainText('50% alike')
  await expect(agree.getByRole('row', { name: /^Marketing and sales/ })).toContainText('κ 0')
  const talk = ada.getByRole('region', { name: 'Leads to talk about' }).locator('ol > li')
  await expect(talk).toHaveCount(SIZE)
  await expect(talk.first()).toContainText('Mara Market')
  await expect(talk.last()).toContainText('all alike')
  const first = talk.first()
  await first.getByRole('button', { name: 'Make the reason of Sam Sales a note' }).click()
  await ada.getByRole('menuitem', { name: 'The levels of Interest' }).click()
  await expect(first.getByText('It is a note now')).toBeVisible()
  const { rows: notes } = await winnow.database.pool.query('select path, text from comment')
  expect(notes).toEqual([
    {
      path: expect.stringContaining('categories.'),
      text: expect.stringMatching(/^“reason \d” — Sam Sales, Spring <b>leads<\/b>, #\d$/),
    },
  ])
  await expectNoBarriers(ada, 'result')

  // Somebody new practises, and is told at once.
  const rita = await winnow.as('reader', address)
  await rita.getByRole('link', { name: 'Practise on these leads' }).click()
  await rita.getByRole('button', { name: 'Hot' }).click()
  await rita.getByRole('button', { name: 'Yes' }).click()
  await expect(rita.getByRole('status')).toContainText('Mara Market')
  await expect(rita.getByRole('status')).toContainText('Happened')
  await expectNoBarriers(rita, 'practice')
  await rita.getByRole('button', { name: 'Next' }).click()
  await expect(rita.getByText('1 of 10 judged')).toBeVisible()
  await expect(rita.getByRole('status')).toHaveCount(0)
})

test('how sessions look', async ({ winnow }) => {
  const page = await winnow.as('sales', '/alignment')
  await expect(page.getByText('No session yet')).toBeVisible()
  const { items } = (await (await page.request.get('/api/alignment/people')).json()) as {
    items: { id: string; team: string | null }[]
  }
  const reply = await page.request.post('/api/alignment/sessions', {
    headers: { origin: winnow.url },
    data: {
      title: 'Spring',
      category: 'temperature',
      size: 12,
      members: items.flatMap(({ id, team }) => (team === null ? [] : [{ person: id, team }])),
    },
  })
  expect(await reply.text()).toContain('"title":"Spring"')
  await page.reload()
  await expect(page.getByText('12 still to judge')).toBeVisible()
  await expectPictures(page, 'sessions')
  await page.getByRole('link', { name: /Spring/ }).click()
  // Which leads are drawn is told by their ids, and those are different ones in each run.
  const card = page.getByRole('region', { name: 'Lead 1 of 12' })
  await expect(card.getByText('What they did')).toBeVisible()
  await page.getByRole('button', { name: 'Warm' }).click()
  await page.getByRole('button', { name: 'Yes' }).click()
  await expect(page.getByText('Saved')).toBeVisible()
  await card.evaluate((element) => element.setAttribute('style', 'height: 20rem; overflow: hidden'))
  await expectPictures(page, 'judging', { mask: [card] })
})
