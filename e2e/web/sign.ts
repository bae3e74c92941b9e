import { expect, type Page } from '@playwright/test'

/** Signs the proposal that the page shows. */
export async function sign(page: Page, words: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('A word with it').fill(words)
  await dialog.getByRole('button', { name: 'Sign', exact: true }).click()
  await expect(dialog).toBeHidden()
}
