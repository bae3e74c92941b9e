/** One list of what happened, from several: facts, the ledger, calls and notes. */
import { type Reply } from '../../app/api.ts'

export type FactRow = Reply<'leads', 'listActivities'>['items'][number]
export type LedgerRow = Reply<'leads', 'getLedger'>['items'][number]
export type CallRow = Reply<'queue', 'listCalls'>['items'][number]
export type NoteRow = Reply<'leads', 'listNotes'>['items'][number]

interface Base {
  readonly key: string
  readonly at: string
}
export type Entry =
  | (Base & { readonly kind: 'activity' | 'decision' | 'link'; readonly fact: FactRow })
  | (Base & { readonly kind: 'known'; readonly facts: readonly FactRow[] })
  | (Base & { readonly kind: 'change'; readonly lines: readonly LedgerRow[] })
  | (Base & { readonly kind: 'call'; readonly call: CallRow })
  | (Base & { readonly kind: 'note'; readonly note: NoteRow })

export const SHOWS = ['all', 'activities', 'levels', 'decisions', 'known'] as const
export type Show = (typeof SHOWS)[number]

/** Which kinds of facts a filter asks the server for; none where it asks for no facts. */
export const KINDS: Readonly<Record<Show, string | undefined>> = {
  all: 'activity,decision,attribute,link',
  activities: 'activity',
  levels: undefined,
  decisions: 'decision',
  known: 'attribute,link',
}

/** A list of which later pages may be missing. */
export interface Partly<Row> {
  readonly rows: readonly Row[]
  readonly hasMore: boolean
}

interface Sources {
  readonly facts: Partly<FactRow>
  readonly ledger: Partly<LedgerRow>
  readonly calls: readonly CallRow[]
  readonly notes: readonly NoteRow[]
}

/** Newest first. What is older than the last row of a list with more pages waits, so that nothing is shown in the wrong place. */
export function entriesOf({ facts, ledger, calls, notes }: Sources): Entry[] {
  const known = facts.rows.filter(({ kind }) => kind === 'attribute')
  const told = new Set(calls.map(({ at }) => at))
  const entries: Entry[] = [
    ...facts.rows.flatMap((fact): Entry[] => {
      if (fact.kind === 'attribute' || (fact.type === 'sales_call' && told.has(fact.at))) return []
      return [{ kind: fact.kind, key: fact.id, at: fact.at, fact }]
    }),
    ...together(known).map((rows): Entry => ({ kind: 'known', key: rows[0]!.id, at: rows[0]!.at, facts: rows })),
    ...together(ledger.rows).map((lines): Entry => ({
      kind: 'change',
      key: `ledger ${lines[0]!.id}`,
      at: lines[0]!.at,
      lines,
    })),
    ...calls.map((call): Entry => ({ kind: 'call', key: `call ${call.id}`, at: call.at, call })),
    ...notes.map((note): Entry => ({ kind: 'note', key: `note ${note.id}`, at: note.at, note })),
  ]
  const frontier = Math.max(frontierOf(facts), frontierOf(ledger))
  return entries
    .filter(({ at }) => Date.parse(at) >= frontier)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
}

/** At one instant: what came of it stands above what it came from. */
const ORDER: readonly Entry['kind'][] = ['change', 'note', 'call', 'decision', 'activity', 'known', 'link']

const frontierOf = ({ rows, hasMore }: Partly<{ readonly at: string }>) =>
  hasMore ? Date.parse(rows.at(-1)?.at ?? '') : -Infinity

/** Rows of one instant are one entry. */
function together<Row extends { readonly at: string }>(rows: readonly Row[]): Row[][] {
  return [...Map.groupBy(rows, ({ at }) => at).values()]
}
