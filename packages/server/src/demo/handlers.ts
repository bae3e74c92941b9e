import { toInstantText, type demo, type ReplyOf } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import type { HandlersOf } from '../http/handler.ts'
import { cancelDemo, readDemo, removeDemo, requestDemo, type DemoRow } from './store.ts'

const DAY_MS = 86_400_000
/** The last midnight: a demo of the same day is the same. */
export const untilOf = (now: Instant): Instant => Math.floor(now / DAY_MS) * DAY_MS

export function demoHandlers({ pool }: { readonly pool: pg.Pool }): HandlersOf<typeof demo> {
  return {
    getDemo: async () => toStatus(await readDemo(pool)),
    async loadDemo({ body: { leads, seed }, now, note }) {
      note({ leads })
      return toStatus(await requestDemo(pool, { leads, seed, until: untilOf(now) }, now))
    },
    cancelDemo: async () => toStatus(await cancelDemo(pool)),
    async removeDemo() {
      await removeDemo(pool)
    },
  }
}

const toStatus = (row: DemoRow | undefined): ReplyOf<typeof demo.getDemo> => ({
  state: row?.state ?? 'none',
  seed: row?.seed ?? null,
  leads: row?.leads ?? 0,
  loadedLeads: row?.loaded_leads ?? 0,
  loadedFacts: row?.loaded_facts ?? 0,
  until: row ? toInstantText(row.until) : null,
})
