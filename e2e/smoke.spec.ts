import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { bundleForBrowser, openWithBundle } from './bundle-for-browser.ts'

let folder: string

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-e2e-'))
})

test.afterAll(() => rmSync(folder, { recursive: true }))

test('a TypeScript module runs in the browser', async ({ page }) => {
  const entry = join(folder, 'entry.ts')
  writeFileSync(entry, 'export const add = (a: number, b: number): number => a + b')
  await openWithBundle(page, await bundleForBrowser(entry))

  const sum = await page.evaluate(async () => {
    const path = '/bundle.js'
    const { add } = (await import(path)) as { add: (a: number, b: number) => number }
    return add(1, 1)
  })

  expect(sum).toBe(2)
})

test('a module that needs Node is refused', async () => {
  const entry = join(folder, 'impure.ts')
  writeFileSync(entry, "export { readFileSync } from 'node:fs'")

  await expect(bundleForBrowser(entry)).rejects.toThrow('imports node:fs, which no browser has')
})
