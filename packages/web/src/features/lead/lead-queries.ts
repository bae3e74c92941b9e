import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ask, type Reply } from '../../app/api.ts'

export type Lead = Reply<'leads', 'getLead'>
export type Explanation = Reply<'leads', 'explainLead'>
export type Change = NonNullable<Lead['nextChange']>['changes'][number]

/** An instant that is looked at; `known` and `version` tell what was known then, where it is not the same. */
export interface Then {
  readonly at?: string
  readonly known?: string
  readonly v?: number
}

/** Scores fade while one looks at them. */
const FADES_MS = 30_000

export const leadQuery = (lead: string) =>
  queryOptions({
    ...ask('leads', 'getLead', { params: { lead } }),
    refetchInterval: FADES_MS,
  })

export const explanationQuery = (lead: string, { at, known, v }: Then) =>
  queryOptions({
    ...ask('leads', 'explainLead', {
      params: { lead },
      query: { ...(at && { at }), ...(known && { knownAt: known }), ...(v && { version: v }) },
    }),
    ...(at === undefined ? { refetchInterval: FADES_MS } : { staleTime: Infinity }),
    placeholderData: keepPreviousData,
  })
