/** Who may sign, what is missing, and what exactly is signed. Pure. */
import type { Side, WorkingMode } from '@winnow/contract'
import { hash } from 'node:crypto'
import type { Actor } from '../http/actor.ts'
import type { ProposalRow, SignatureRow } from './store.ts'

export const SIDES: readonly Side[] = ['marketing', 'sales']

export const hashOf = (text: string): string => hash('sha256', text, 'hex')

/** Of all that is shown to whoever signs; undefined until it is known who moves. */
export function digestOf({ hash: text, base, changes, moves, rationale }: ProposalRow): string | undefined {
  return moves === null ? undefined : hashOf(JSON.stringify({ text, base, changes, moves, rationale }))
}

export const counting = (signatures: readonly SignatureRow[]): SignatureRow[] =>
  signatures.filter(({ taken_back_at }) => taken_back_at === null)

/** Sides whose signatures are missing; where one person is enough, any of them will do. */
export function missingSides(mode: WorkingMode, signatures: readonly SignatureRow[]): Side[] {
  const signed = counting(signatures)
  if (mode === 'one_person' && signed.length > 0) return []
  return SIDES.filter((side) => !signed.some((each) => each.side === side))
}

/** For whom somebody could sign at all. */
export function sidesOf(actor: Actor | undefined): readonly Side[] {
  if (actor?.kind !== 'person') return []
  switch (actor.role) {
    case 'admin':
      return SIDES
    case 'marketing':
    case 'sales':
      return [actor.role]
    default:
      return []
  }
}

export const isOpen = ({ state }: Pick<ProposalRow, 'state'>): boolean => state === 'proposed' || state === 'scheduled'

/** For whom somebody could sign this now. */
export function signableBy(
  actor: Actor | undefined,
  proposal: Pick<ProposalRow, 'state'>,
  { mode, signatures }: { readonly mode: WorkingMode; readonly signatures: readonly SignatureRow[] },
): Side[] {
  if (!isOpen(proposal) || counting(signatures).some(({ person_id }) => person_id === actor?.id)) return []
  const missing = missingSides(mode, signatures)
  return sidesOf(actor).filter((side) => missing.includes(side))
}
