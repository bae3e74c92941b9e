import { queries } from './queries.ts'

/** After a change of one's own: everything that is shown of a lead, or of those around it, may have moved. */
export const refreshLead = (): Promise<unknown> =>
  queries.invalidateQueries({
    predicate: ({ queryKey: [area] }) => area === 'leads' || area === 'queue' || area === 'accounts',
  })
