import { toInstantText, type consent } from '@winnow/contract'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import type { HandlersOf } from '../http/handler.ts'
import { OBJECTED, setExclusion } from '../leads/exclusion.ts'
import { invalid } from '../leads/intake-of.ts'
import { memberIds, requireLead } from '../leads/lead-rows.ts'
import type { Taking } from '../live/take.ts'
import { addConsent, readConsent, readLedger, SCORING, type ConsentRow } from './store.ts'

export interface ConsentParts {
  readonly db: Db
  readonly pool: pg.Pool
  readonly taking: Taking
}

export function consentHandlers({ db, pool, taking }: ConsentParts): HandlersOf<typeof consent> {
  return {
    getConsent: async ({ params }) => {
      const { lead_id } = await requireLead(db, params.lead)
      const members = await memberIds(db, lead_id)
      const [now, ledger] = await Promise.all([readConsent(db, members), readLedger(db, members)])
      return { now: now.map(lineReply), ledger: ledger.map(lineReply) }
    },

    recordConsent: async ({ params, body: { at: saidAt, purpose, state, evidence }, actor, now, note }) => {
      const at = saidAt ?? now
      if (at > now) throw invalid('/at', 'nobody has said anything in the future yet')
      const { lead_id, excluded_as } = await requireLead(db, params.lead)
      const before = await readConsent(db, await memberIds(db, lead_id))
      const said = { lead_id, purpose, state, at, evidence, by: actor!, now }
      const isLatest = before.every((line) => line.purpose !== purpose || line.at <= at)
      note({ lead: lead_id, purpose, state })
      if (purpose === SCORING && isLatest && (state === OBJECTED || excluded_as === OBJECTED)) {
        const as = state === OBJECTED ? OBJECTED : null
        await setExclusion(taking, [lead_id], as, (client) => addConsent(client, said))
      } else await addConsent(pool, said)
      return lineReply({ ...said, recorded_at: now, actor_id: actor!.id, actor_name: actor!.name })
    },
  }
}

const lineReply = ({ purpose, state, at, recorded_at, evidence, actor_id, actor_name }: ConsentRow) => ({
  purpose,
  state,
  at: toInstantText(at),
  recordedAt: toInstantText(recorded_at),
  evidence,
  by: { id: actor_id, name: actor_name },
})
