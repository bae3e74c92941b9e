import { defineConfig } from '@playwright/test'
import base from './playwright.config.ts'

/** `npm run screenshots`: pictures for the documents, and no tests. */
export default defineConfig({ ...base, testMatch: 'web/screenshots.ts', workers: 1 })
