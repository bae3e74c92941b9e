/** In which order the queue is on the screen. Pure. */
import type { Reply } from '../../app/api.ts'

export type Queued = Reply<'queue', 'getQueue'>['items'][number]

export interface Row {
  readonly item: Queued
  /** It is not in the queue any more; it stays where it is until somebody asks for the new order. */
  readonly hasLeft: boolean
}

export interface Order {
  readonly rows: readonly Row[]
  /** Leads that have come in between, and wait to be shown. */
  readonly waiting: number
}

export const START: Order = { rows: [], waiting: 0 }
export const fresh = (items: readonly Queued[]): Order => ({
  rows: items.map((item) => ({ item, hasLeft: false })),
  waiting: 0,
})

/**
 * What is on the screen with what is new about it: nobody moves. Who comes behind all that are shown is shown; whoever
 * would push others down waits.
 */
export function follow({ rows }: Order, items: readonly Queued[]): Order {
  if (rows.length === 0) return fresh(items)
  const byLead = new Map(items.map((item) => [item.lead.id, item]))
  const shown = new Set(rows.map(({ item }) => item.lead.id))
  const lastShown = items.findLastIndex(({ lead }) => shown.has(lead.id))
  const isNew = ({ lead }: Queued) => !shown.has(lead.id)
  return {
    rows: [
      ...rows.map(({ item }): Row => {
        const now = byLead.get(item.lead.id)
        return now === undefined ? { item, hasLeft: true } : { item: now, hasLeft: false }
      }),
      ...fresh(items.slice(lastShown + 1).filter(isNew)).rows,
    ],
    waiting: items.slice(0, lastShown + 1).filter(isNew).length,
  }
}
