/** The web app, built by Vite: its files under `/assets`, and its one page at every address that is nobody else's. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { page } from './page.ts'

const NOT_BUILT = page(
  'Winnow',
  `<h1>Winnow</h1><p>Running, without the web app: <code>npm run build</code> makes it. The <a href="/docs">API</a> is here.</p>`,
)

/** Addresses of machines: what is not there is a refusal for them to read, and no page. */
const OF_MACHINES = /^\/(?:api|v1|assets|healthz|readyz|metrics)(?:\/|$)/

export interface WebApp {
  /** @returns whether the request was one for a page, and has been answered */
  readonly answer: (request: FastifyRequest, reply: FastifyReply) => boolean
}

/** @param folder  what Vite wrote; may be absent, as in tests */
export async function serveWebApp(app: FastifyInstance, folder: string): Promise<WebApp> {
  const file = join(folder, 'index.html')
  const isBuilt = existsSync(file)
  const html = isBuilt ? readFileSync(file, 'utf8') : NOT_BUILT
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      preCompressed: true,
      index: false,
      immutable: true, // a name has a hash of its content in it
      maxAge: '365d',
    })
  }
  return {
    answer(request, reply) {
      const path = request.url.split('?')[0]!
      const isPage = request.method === 'GET' && !OF_MACHINES.test(path) && !/\.\w+$/.test(path)
      if (!isPage || !(path === '/' || request.headers.accept?.includes('text/html'))) return false
      const nonce = randomBytes(16).toString('base64')
      void reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-cache')
        .header('content-security-policy', policy(nonce))
        .send(onlyFor(request.url, html).replaceAll('__NONCE__', nonce))
      return true
    },
  }
}

/** What a page asks for ahead of its scripts depends on its address: lines with `data-at` are for those in it. */
const onlyFor = (url: string, html: string): string =>
  html.replaceAll(/<link [^>]*data-at="([^"]*)"[^>]*>/g, (link, at: string) =>
    at.split(' ').includes(url) ? link : '',
  )

/**
 * Scripts only from our own files. Sheets made by components carry the nonce; attributes may have a style, for a library may
 * write one into a drawing, and none of them can fetch anything.
 */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join(';')
