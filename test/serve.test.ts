import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 120_000 }) // it makes a database first

const ROOT = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'winnow-serve-'))
const running: ChildProcess[] = []
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Serving {
  readonly child: ChildProcess
  readonly said: () => string
  /** Settled with the address when it is ready. */
  readonly ready: Promise<string>
  readonly ended: Promise<unknown[]>
}

function serve(): Serving {
  const child = spawn(process.execPath, ['packages/cli/src/main.ts', 'serve', '--port', '0', '--data', folder], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: '', WINNOW_LOG: 'warn' },
  })
  running.push(child)
  let text = ''
  const ended = once(child, 'exit')
  const ready = new Promise<string>((resolve) => {
    const hear = (piece: Buffer) => {
      text += piece.toString()
      const url = /ready at (http:\S+)/.exec(text)?.[1]
      if (url !== undefined) resolve(url)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
  })
  return { child, ready, ended, said: () => text }
}

test('starts on a database of its own, says when it is ready, and stops cleanly when told to', async () => {
  const { child, ready, ended } = serve()
  const url = await ready
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ status: 'ready' })
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

test('a second one on the folder says who has it; after a kill the next one takes over', async () => {
  const first = serve()
  await first.ready
  const second = serve()
  expect(await second.ended).toEqual([3, null])
  expect(second.said()).toContain('data_folder_busy')
  first.child.kill('SIGKILL')
  await first.ended
  const third = serve()
  expect((await fetch(`${await third.ready}/readyz`)).status).toBe(200)
})

test('the reference is a page and OpenAPI, and neither needs a key', async () => {
  const url = await serve().ready
  const page = await fetch(`${url}/docs`)
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await page.text()).toContain('/readyz')
  const description = (await (await fetch(`${url}/api/openapi.json`)).json()) as { paths: object }
  expect(Object.keys(description.paths)).toContain('/healthz')
  expect((await fetch(`${url}/metrics`)).status).toBe(401)
})
