import { defineConfig } from '@playwright/test'
import { chromium } from './scripts/chromium.ts'

const { executablePath, env, args } = await chromium()

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/web/demo-cluster.ts',
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list'], ['./scripts/closing-line/playwright.ts']],
  timeout: 90_000, // a busy machine is no failure
  expect: { timeout: 20_000, toHaveScreenshot: { maxDiffPixelRatio: 0.002 } },
  use: {
    browserName: 'chromium',
    actionTimeout: 40_000, // what cannot be done is told while there is time to say why
    navigationTimeout: 60_000,
    launchOptions: { env, args: [...args], ...(executablePath === undefined ? {} : { executablePath }) },
  },
})
