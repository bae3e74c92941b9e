import { toInstantText, type erasure } from '@winnow/contract'
import type pg from 'pg'
import { normaliseEmail } from '../capture/email.ts'
import type { Cursors } from '../http/cursor.ts'
import type { HandlersOf } from '../http/handler.ts'
import type { Taking } from '../live/take.ts'
import { eraseLead, type Erased } from './erase.ts'
import { listErasures } from './store.ts'

export interface ErasureParts {
  readonly pool: pg.Pool
  readonly taking: Taking
  readonly cursors: Cursors
  /** Whoever follows changes is told at once. */
  readonly changed: () => void
}

const LIST = JSON.stringify(['erasures'])

export function erasureHandlers({ pool, taking, cursors, changed }: ErasureParts): HandlersOf<typeof erasure> {
  return {
    eraseLead: async ({ params, body: { keepsOut }, actor }) => {
      const erased = await eraseLead(taking, { lead: params.lead, keepsOut, by: actor!.name })
      changed()
      return toReply({ ...erased, by: actor!.name })
    },
    listErasures: async ({ query: { limit, cursor } }) => {
      const [at, id] = cursor === undefined ? [] : (cursors.open(LIST, cursor) as [number, string])
      const rows = await listErasures(pool, { limit: limit + 1, after: at === undefined ? undefined : { at, id: id! } })
      const last = rows[limit - 1]
      const next = rows.length > limit && last ? cursors.seal(LIST, [last.at, last.id]) : undefined
      return { items: rows.slice(0, limit).map(toReply), ...(next !== undefined && { next }) }
    },
    letIn: async ({ body: { kind, value } }) => {
      const name = { kind, value: kind === 'email' ? (normaliseEmail(value) ?? value) : value }
      return { wasKeptOut: await taking.keptOut.lift(pool, name) }
    },
  }
}

const toReply = ({ id, at, by, removed, keptOut }: Erased & { readonly by: string }) => ({
  id,
  at: toInstantText(at),
  by,
  removed,
  keptOut,
})
