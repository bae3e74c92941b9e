/**
 * Which pages' scripts may send: any, for what comes with a write key. Such keys lie open in every page anyway, and no
 * cookie counts there, so a foreign page can do nothing that its author could not do without a browser.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Clients of browsers read `retry-after`; without leave they would not see it. */
export function allowAnyOrigin(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*')
  reply.header('access-control-expose-headers', 'retry-after')
  reply.header('cross-origin-resource-policy', 'cross-origin')
}

const PREFLIGHT = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'authorization, content-type, content-encoding, x-retry-count',
  'access-control-max-age': '7200', // the longest that browsers believe
} as const

/** Answers what a browser asks before it sends to `path`. */
export function addPreflight(app: FastifyInstance, path: string): void {
  app.options(path, (_request, reply) => {
    allowAnyOrigin(reply)
    return reply.status(204).headers(PREFLIGHT).send()
  })
}
