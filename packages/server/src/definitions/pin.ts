/** A lead of ours as an example of a definition. */
import type { definitions, ReplyOf } from '@winnow/contract'
import { leadId, pinLead, type Instant } from '@winnow/engine'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import { requireLead } from '../leads/lead-rows.ts'
import { readKnown } from '../leads/past.ts'
import { compileText } from '../live/plans.ts'
import type { Taking } from '../live/take.ts'
import { referred } from './reference.ts'
import { findLive } from './versions.ts'

type PinnedReply = ReplyOf<(typeof definitions)['pinLead']>

export interface Pinning {
  readonly lead: string
  readonly definition: string
  /** As the lead was; now where not given. */
  readonly at?: Instant | undefined
  readonly knownAt?: Instant | undefined
  readonly name: string
  readonly now: Instant
}

/** @throws ServerError `not_found`, `no_definition`, `definition_invalid`, `example_impossible` */
export async function pinned(
  { db, pool }: { readonly db: Db; readonly pool: Taking['pool'] },
  { lead: asked, definition, at, knownAt = at ?? Infinity, name, now }: Pinning,
): Promise<PinnedReply> {
  const { lead_id } = await requireLead(db, asked)
  const { text, reference } = await referred(db, definition, 'query.definition')
  const plan = compileText(text)
  const version = await historyOf(db, reference, at)
  const { lead, facts } = await readKnown(pool, lead_id, { plan, version, knownAt, mergedAt: Infinity })
  const found = pinLead(plan, facts, { lead: leadId(lead), at: at ?? now, name })
  if (!found.ok) throw new ServerError('example_impossible', WHY[found.why])
  const { example, replaced, leftOut } = found
  const { levels, stage } = example.expect
  return {
    example: {
      name,
      as_of: example.as_of,
      facts: example.facts.map((fact) => ({ ...fact })),
      expect: { ...(levels && { levels: { ...levels } }), ...(stage !== undefined && { stage }) },
    },
    replaced: [...replaced],
    leftOut,
  }
}

const WHY = {
  nothing_known: 'nothing was known of the lead then',
  too_much: 'more is known of the lead than an example can tell',
  differs: 'without who it is, the definition would judge the lead otherwise',
} as const

/**
 * Whose keeping of stages counts as part of the history: that of the version itself; of a draft, what has been kept up to now. A draft
 * that judges the past does so as if it had been live all along.
 */
async function historyOf(db: Db, reference: string, at: Instant | undefined): Promise<number> {
  const [kind, id] = reference.split(':')
  if (kind === 'version') return Number(id)
  return at === undefined ? ((await findLive(db))?.version ?? 0) : 0
}
