import { ask } from '../../app/api.ts'
import type { QueueSearch } from './search.ts'

const SHOWN_MAX = 50

export const queueQuery = ({ view = 'all', ...filter }: QueueSearch) =>
  ask('queue', 'getQueue', {
    query: {
      ...filter,
      ...(filter.level && { level: [...filter.level] }),
      limit: SHOWN_MAX,
      ...(view === 'later' ? { snoozed: 'only' as const } : view === 'all' ? {} : { claimed: view }),
    },
  })
