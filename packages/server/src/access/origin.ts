/** Whether a browser sent a request from a page of ours: cookies come with every request, whoever's page makes it. */
import type { FastifyRequest } from 'fastify'
import { ServerError } from '../errors.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * @param carriesCookie  true where a cookie says who it is; then the browser has to say where the request comes from
 * @throws ServerError `origin_foreign`
 */
export function requireOwnOrigin(
  request: FastifyRequest,
  { publicUrl, carriesCookie }: { publicUrl: string | undefined; carriesCookie: boolean },
): void {
  if (SAFE.has(request.method)) return
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined) {
    if (!isOwn(origin, request, publicUrl)) throw foreign(`the request comes from a page of ${origin.slice(0, 200)}`)
  } else if (site !== undefined) {
    if (site !== 'same-origin') throw foreign('the request comes from a page of another address')
  } else if (carriesCookie) throw foreign('the request does not say from which page it comes')
}

const foreign = (message: string) => new ServerError('origin_foreign', message)

/** Without a public URL: the address that the browser itself asked for. */
function isOwn(origin: string, request: FastifyRequest, publicUrl: string | undefined): boolean {
  if (publicUrl !== undefined) return origin === new URL(publicUrl).origin
  return origin === `${request.protocol}://${request.host}`
}
