import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Nothing on the page that axe calls serious or critical, in either theme. Leaves the light one. */
export async function expectNoBarriers(page: Page, what: string = new URL(page.url()).pathname): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(atRest)
    const { violations } = await new AxeBuilder({ page }).analyze()
    const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(
      bad.map(({ id, nodes }) => `${what}, ${colorScheme}: ${id} ${nodes.map(({ target }) => target).join(' ')}`),
    ).toEqual([])
  }
}

/** Colours on their way from one theme to the other are nobody's to read; they set out some frames after the theme has changed. */
async function atRest(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  }
}
