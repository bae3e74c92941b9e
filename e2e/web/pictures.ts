import { expect, type Locator, type Page } from '@playwright/test'

const SIZES = { wide: { width: 1360, height: 860 }, phone: { width: 390, height: 844 } }

/** How a screen looks, wide and on a phone, light and dark. @param mask  what differs from run to run */
export async function expectPictures(
  page: Page,
  name: string,
  { mask = [] }: { mask?: Locator[] } = {},
): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(viewport)
      await expect(page).toHaveScreenshot(`${name}-${size}-${colorScheme}.png`, {
        animations: 'disabled',
        fullPage: true,
        mask,
      })
    }
  }
}
