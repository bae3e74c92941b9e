/** Changes as they happen: one stream for the whole app. */
import { useEffect, useRef } from 'react'
import { addressOf } from './api.ts'
import { queries } from './queries.ts'

export interface Change {
  readonly id: string
  readonly topic: string
  readonly lead: string
  readonly at: string
  readonly body: Readonly<Record<string, unknown>>
}
const TOPICS = ['transition', 'withdrawn', 'claim', 'snooze'] as const
type Listener = (change: Change) => void

const listeners = new Set<Listener>()
const leadsChanged = new Set<string>()
let refresh: ReturnType<typeof setTimeout> | undefined

/** Opens the stream. @returns what closes it */
export function followChanges(): () => void {
  const stream = new EventSource(addressOf('changes', 'getChanges', {}))
  const take = (event: MessageEvent<string>) => {
    const change = { ...JSON.parse(event.data), id: event.lastEventId, topic: event.type } as Change
    for (const listener of listeners) listener(change)
    leadsChanged.add(change.lead)
    refresh ??= setTimeout(refreshLeads, 800)
  }
  for (const topic of TOPICS) stream.addEventListener(topic, take)
  stream.addEventListener('definition', refreshDefinition)
  stream.addEventListener('proposal', refreshProposals)
  stream.addEventListener('session', refreshSessions)
  return () => {
    stream.close()
    clearTimeout(refresh)
    refresh = undefined
  }
}

/** What of definitions is another when something has happened to a proposal; nothing that an open editor reckons with. */
const WITH_PROPOSALS: ReadonlySet<unknown> = new Set(['listDrafts', 'getDraft', 'listVersions', 'getRestatement'])

function refreshProposals(): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey: [area, name] }) =>
      area === 'proposals' || area === 'comments' || (area === 'definitions' && WITH_PROPOSALS.has(name)),
  })
}

/** Leads tell of themselves as they are judged anew. */
function refreshDefinition(): void {
  refreshProposals()
  void queries.invalidateQueries({ queryKey: ['definitions', 'getOutline'] })
}

function refreshSessions(): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey: [area, name] }) => area === 'alignment' || name === 'listNotices',
  })
}

/** Many changes at once cost one look, not one each. */
function refreshLeads(): void {
  refresh = undefined
  const changed = new Set(leadsChanged)
  leadsChanged.clear()
  void queries.invalidateQueries({
    predicate: ({ queryKey: [area, , input] }) => {
      if (area !== 'leads' && area !== 'queue' && area !== 'accounts') return false
      const lead = (input as { params?: { lead?: string } } | undefined)?.params?.lead
      return lead === undefined || changed.has(lead)
    },
  })
}

/** Tells of each change while the component is there. */
export function useChanges(listener: Listener): void {
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => {
    const tell: Listener = (change) => latest.current(change)
    listeners.add(tell)
    return () => void listeners.delete(tell)
  }, [])
}
