/** A Winnow of its own for each test, with the demo company in it, and browsers in which people have signed in. */
import { join } from 'node:path'
import { test as base, type Browser, type BrowserContext, type Page, type Request } from '@playwright/test'
import { createLog } from '../../packages/server/src/operation/log.ts'
import { readConfig } from '../../packages/server/src/config.ts'
import { openDatabase, type Database } from '../../packages/server/src/db/database.ts'
import { assemble } from '../../packages/server/src/server.ts'
import { CLUSTER, DEMO, EMPTY, NOW, PEOPLE, databaseUrl, type Role } from './places.ts'

export { expect } from '@playwright/test'

export interface Winnow {
  readonly url: string
  readonly database: Database
  /** A page of another browser in which somebody with this role has signed in. */
  readonly as: (role: Role, path?: string, options?: Parameters<Browser['newContext']>[0]) => Promise<Page>
}

interface Fixtures {
  /** Begin with people only, instead of with the demo company. */
  readonly isEmpty: boolean
  readonly winnow: Winnow
}

export const test = base.extend<Fixtures>({
  isEmpty: [false, { option: true }],
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  winnow: async ({ browser, isEmpty, locale, timezoneId }, use, testInfo) => {
    const name = `web_${crypto.randomUUID().replaceAll('-', '')}`
    await copyTemplate(isEmpty ? EMPTY : DEMO, name)
    const database = await openDatabase(databaseUrl(name))
    const { app, serve, drain } = await assemble(database, {
      config: readConfig({}, '/nowhere'),
      log: createLog('error'),
      now: clock(),
      webFolder: join(import.meta.dirname, '../../packages/web/dist'),
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    await serve()
    const contexts: BrowserContext[] = []
    const diaries: Diary[] = []
    await use({
      url,
      database,
      as: async (role, path = '/', options = {}) => {
        const context = await browser.newContext({ baseURL: url, locale: locale!, timezoneId: timezoneId!, ...options })
        contexts.push(context)
        const { email, password } = PEOPLE[role]
        const signedIn = await context.request.post('/api/session', {
          headers: { origin: url },
          data: { email, password },
        })
        if (!signedIn.ok()) throw new Error(`signing in answered ${await signedIn.text()}`)
        const page = await context.newPage()
        diaries.push(diaryOf(page, role))
        await page.clock.setSystemTime(NOW)
        await page.goto(path)
        return page
      },
    })
    const isFailed = testInfo.status !== testInfo.expectedStatus
    if (isFailed) for (const tell of diaries) console.log(await tell())
    for (const context of contexts) await context.close()
    await drain()
    await app.close()
    await database.close()
    const main = await openDatabase(process.env[CLUSTER]!)
    await main.pool.query(`drop database ${name} with (force)`)
    await main.close()
  },
})

type Diary = () => Promise<string>

/** What a page asked for in vain, complained of, and showed at last: for whoever has only the output of a failed run. */
function diaryOf(page: Page, role: Role): Diary {
  const open = new Set<Request>()
  const lines: string[] = []
  page.on('request', (request) => open.add(request))
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => {
    open.delete(request)
    lines.push(`failed ${request.url()} ${request.failure()?.errorText}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) lines.push(`${response.status()} ${response.url()}`)
  })
  page.on('console', (message) => message.type() === 'error' && lines.push(`console ${message.text()}`))
  page.on('pageerror', (error) => lines.push(`error ${error.stack ?? error.message}`))
  return async () => {
    if (page.isClosed()) return ''
    const text = await page
      .locator('body')
      .innerText({ timeout: 2_000 })
      .catch(() => '(nothing)')
    return [
      `${role} at ${page.url()}`,
      ...lines.slice(-20),
      ...[...open].map((request) => `open ${request.url()}`),
      text.slice(0, 1_500),
    ].join('\n')
  }
}

/** Starts at `NOW` and goes as clocks do. */
function clock(): () => number {
  const started = performance.now()
  return () => NOW + Math.floor(performance.now() - started)
}

async function copyTemplate(template: string, name: string): Promise<void> {
  const { pool, close } = await openDatabase(process.env[CLUSTER]!)
  for (let attempt = 0; ; attempt++) {
    try {
      await pool.query(`create database ${name} template ${template} strategy file_copy`)
      break
    } catch (error) {
      // Two copies at once: the template is in use for some milliseconds.
      if ((error as { code?: string }).code !== '55006' || attempt === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  await close()
}
