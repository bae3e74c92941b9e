/** What was signed goes live: at once, or by the server's own clock when its time has come. */
import type { WorkingMode } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { publish, type SignedAs } from '../definitions/publish.ts'
import { ServerError } from '../errors.ts'
import { Loop } from '../live/loop.ts'
import type { Taking } from '../live/take.ts'
import { inTransaction } from '../live/transaction.ts'
import { counting, isOpen, missingSides } from './agreement.ts'
import { readMode } from './mode.ts'
import {
  findDue,
  keepMoves,
  lockProposal,
  readSignatures,
  requireProposal,
  tell,
  unschedule,
  wentLive,
  type ProposalListed,
  type ProposalRow,
  type Somebody,
} from './store.ts'

export interface GoingLive {
  readonly id: string
  readonly by: Somebody
  readonly gateReason: string | null
  /** Only where it is still to go live by then. */
  readonly scheduledBy?: Instant
}

/**
 * Held until the transaction ends, so that nobody takes a signature back meanwhile.
 * @throws ServerError `signatures_missing`; `conflict` where it is live or withdrawn already
 */
export async function requireAgreed(
  client: pg.PoolClient,
  id: string,
): Promise<{ readonly proposal: ProposalRow; readonly signedAs: SignedAs }> {
  const proposal = await lockProposal(client, id)
  requireOpen(proposal)
  const [mode, signatures] = [await readMode(client), await readSignatures(client, [id])]
  const missing = missingSides(mode, signatures)
  if (missing.length > 0) throw new ServerError('signatures_missing', lackOf(mode, missing), { details: { missing } })
  const { open_requests: requests } = proposal
  if (requests > 0)
    throw new ServerError('signatures_missing', 'a requested change is neither made nor withdrawn', {
      details: { openRequests: requests },
    })
  return { proposal, signedAs: counting(signatures).length > 1 ? 'both' : 'alone' }
}

const lackOf = (mode: WorkingMode, missing: readonly string[]) =>
  mode === 'one_person' ? 'nobody has signed it' : `nobody has signed it for ${missing.join(', nor for ')}`

/** @throws ServerError `conflict` */
export function requireOpen(proposal: Pick<ProposalRow, 'state'>): void {
  if (!isOpen(proposal))
    throw new ServerError('conflict', `this proposal ${proposal.state === 'live' ? 'went live' : 'was withdrawn'}`)
}

/** @throws ServerError as `publish` and `requireAgreed` */
export async function letGoLive(taking: Taking, { id, by, gateReason, scheduledBy }: GoingLive): Promise<void> {
  const { text, base, rationale, rolls_back_to: rollsBackTo } = await requireProposal(taking.pool, id)
  await publish(taking, {
    text,
    replaces: base,
    note: rationale,
    by: by.name,
    rollsBackTo,
    gateReason,
    agreed: async (client) => {
      const { proposal, signedAs } = await requireAgreed(client, id)
      if (scheduledBy !== undefined && !isDue(proposal, scheduledBy))
        throw new ServerError('conflict', 'it is to go live at another time by now')
      return signedAs
    },
    wentLive: async (client, { version, published_at: now }) => {
      await wentLive(client, id, { version, by, gateReason, now })
      await tell(client, { proposal: id, kind: 'live', by, now })
    },
  })
}

const isDue = ({ state, goes_live_at: at }: ProposalListed, now: Instant) =>
  state === 'scheduled' && at !== null && at <= now

export interface GoingLiveParts {
  readonly taking: Taking
  /** Told after a transaction that may have written into the outbox. */
  readonly changed: () => void
}

/** @returns how much there was to do */
export async function goLiveDue({ taking, changed }: GoingLiveParts): Promise<number> {
  const { pool, now, log } = taking
  const kept = await keepMoves(pool)
  const at = now()
  const due = await findDue(pool, at)
  if (due === undefined) return kept
  const { proposal_id: id } = due
  const by = { id: due.scheduled_by, name: due.scheduled_by_name! }
  try {
    await letGoLive(taking, { id, by, gateReason: due.gate_reason, scheduledBy: at })
  } catch (error) {
    // Another server is at it, or somebody was quicker: whatever is still due is found again.
    if (!(error instanceof ServerError) || error.code === 'conflict') {
      log.warn({ err: error, proposal: id }, 'a proposal did not go live at its time and will be looked at again')
      return kept
    }
    log.warn({ proposal: id, code: error.code }, 'a proposal does not go live at its time')
    await inTransaction(pool, async (client) => {
      if (await unschedule(client, id))
        await tell(client, { proposal: id, kind: 'unscheduled', by: undefined, now: at })
    })
  }
  changed()
  return kept + 1
}

const LOOK_MS = 500

export const createGoingLive = (parts: GoingLiveParts): Loop =>
  new Loop(parts.taking.log, { name: 'going live', run: () => goLiveDue(parts), restMs: LOOK_MS })
