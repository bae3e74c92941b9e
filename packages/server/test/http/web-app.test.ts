import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServer, type TestServer } from '../server.ts'

const SCRIPT = 'console.log("here")'
const PAGE = `<meta property="csp-nonce" nonce="__NONCE__"><title>Winnow</title>
<link rel="preload" href="/api/session" />
<link rel="preload" href="/api/queue?limit=50" data-at="/ /queue" />`
let folder: string
let server: TestServer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-web-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), PAGE)
  writeFileSync(join(folder, 'assets/main-abc.js'), SCRIPT)
  writeFileSync(join(folder, 'assets/main-abc.js.gz'), gzipSync(SCRIPT))
  server = await openTestServer({ webFolder: folder })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

const browse = (url: string) => server.app.inject({ url, headers: { accept: 'text/html,*/*;q=0.8' } })

test.for(['/', '/queue', '/leads/0d9c1c53-3f5e-4c8a-9a63-53d4d1f3c2aa', '/setup?token=abc'])(
  'a browser gets the page at %s',
  async (url) => {
    const reply = await browse(url)
    expect(reply.statusCode).toBe(200)
    expect(reply.body).toContain('<title>Winnow</title>')
    expect(reply.body).not.toContain('abc')
  },
)

test('each page has a nonce of its own, that of its content policy, which allows no script inside a page', async () => {
  const [one, two] = [await browse('/'), await browse('/')]
  const nonce = /nonce="([^"]+)"/.exec(one.body)![1]!
  expect(one.headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
  expect(one.headers['content-security-policy']).toMatch(/script-src 'self';/)
  expect(two.body).not.toContain(nonce)
})

test.for(['/api/nothing', '/v1/nothing', '/assets/nothing.js', '/favicon.ico', '/queue.php'])(
  'a machine gets a refusal at %s',
  async (url) => {
    const reply = await browse(url)
    expect(reply.statusCode).toBe(404)
    expect(reply.json<{ error: { code: string } }>().error.code).toBe('not_found')
  },
)

test('the API refuses in its own words beside it', async () => {
  const reply = await browse('/api/session')
  expect(reply.statusCode).toBe(401)
  expect(reply.json<{ error: { hint: string } }>().error.hint).not.toBe('')
})

test('whoever does not ask for a page gets none', async () => {
  expect((await server.app.inject({ url: '/queue', headers: { accept: 'application/json' } })).statusCode).toBe(404)
  expect((await server.app.inject({ method: 'POST', url: '/queue' })).statusCode).toBe(404)
})

test.for([
  ['/', true],
  ['/queue', true],
  ['/queue?stage=mql', false],
  ['/leads', false],
] as const)('what only some addresses ask first stands in the page at %s: %s', async ([url, isThere]) => {
  const { body } = await browse(url)
  expect(body.includes('/api/queue')).toBe(isThere)
  expect(body).toContain('/api/session')
})

test('files come packed and for ever', async () => {
  const reply = await server.app.inject({ url: '/assets/main-abc.js', headers: { 'accept-encoding': 'gzip' } })
  expect(reply.headers).toMatchObject({ 'content-encoding': 'gzip' })
  expect(reply.headers['cache-control']).toContain('immutable')
  expect(gunzipSync(reply.rawPayload).toString()).toBe(SCRIPT)
})

test.for(['/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/..%2findex.html'])(
  'no file outside the folder is reached by %s',
  async (url) => {
    expect((await server.app.inject({ url })).body).not.toContain('nonce=')
  },
)

test('without a web app the page says so', async () => {
  const bare = await openTestServer()
  expect((await bare.app.inject({ url: '/', headers: { accept: 'text/html' } })).body).toContain('npm run build')
  await bare.close()
})
