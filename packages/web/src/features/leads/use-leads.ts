/** Leads as they are scrolled to: pages are fetched one after another and stay where they are until somebody asks for new ones. */
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type ApiError, type Reply, send } from '../../app/api.ts'
import { type Change, useChanges } from '../../app/changes.ts'
import { filterQuery, type LeadSearch } from './search.ts'

type Counts = Reply<'leads', 'countLeads'>
type Page = Reply<'leads', 'listLeads'>
export type LeadListed = Page['items'][number]

const PAGE = 200
/** So many rows beyond the last one on screen are fetched ahead. */
const AHEAD = 300
/** Lists that were looked at this long ago are asked for again, where that is no more than a few pages. */
const STALE_MS = 15_000
const PAGES_AGAIN = 3

export interface Leads {
  readonly rows: readonly LeadListed[]
  /** How many there are, or seem to be, with those that are not here yet. */
  readonly count: number
  readonly isEstimate: boolean
  readonly isLoading: boolean
  /** What is shown was asked for before: the answer to what is asked now is on its way. */
  readonly isBehind: boolean
  readonly error: ApiError | null
  readonly retry: () => void
  /** Leads that changed, or came, since the list was made. */
  readonly changed: number
  readonly renew: () => void
  /** Tells which rows are on screen, so that those and the next ones are fetched. */
  readonly want: (lastIndex: number) => void
}

/** Not below `leads`: what changes there is asked for again, and a list is never under the reader's eyes. */
export const leadListKey = (search: LeadSearch, q: string) => [
  'lead-list',
  filterQuery(search, q),
  search.sort ?? null,
  search.order ?? null,
]

export function useLeads(search: LeadSearch, q: string, counted: Counts | undefined): Leads {
  const client = useQueryClient()
  const key = leadListKey(search, q)
  const query = useInfiniteQuery<Page, ApiError, InfiniteData<Page>, typeof key, string | undefined>({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      send(
        'leads',
        'listLeads',
        {
          query: {
            ...filterQuery(search, q),
            ...(search.sort !== undefined && { sort: search.sort }),
            ...(search.order !== undefined && { order: search.order }),
            ...(pageParam !== undefined && { cursor: pageParam }),
            limit: PAGE,
          },
        },
        { signal },
      ),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    staleTime: STALE_MS,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchOnMount: ({ state: { data } }) => (data?.pages.length ?? 0) <= PAGES_AGAIN,
  })
  const { data, hasNextPage, isFetchingNextPage, isFetching, fetchNextPage, isPlaceholderData } = query
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data])

  const wanted = useRef(0)
  const fetchWanted = useCallback(() => {
    const isEnough = rows.length > wanted.current + AHEAD
    if (!isEnough && hasNextPage && !isFetching && query.error === null) void fetchNextPage()
  }, [rows.length, hasNextPage, isFetching, fetchNextPage, query.error])
  useEffect(fetchWanted, [fetchWanted])
  const want = useCallback(
    (lastIndex: number) => {
      wanted.current = lastIndex
      fetchWanted()
    },
    [fetchWanted],
  )

  const keyText = JSON.stringify(key)
  const [changed, forget] = useChanged(keyText, (change) => {
    client.setQueryData<InfiniteData<Page>>(key, (data) => data && patched(data, change))
  })
  const renew = () => {
    forget()
    void client.resetQueries({ queryKey: key, exact: true })
  }
  const total = data?.pages[0]?.total
  const count = hasNextPage ? Math.max(rows.length + 1, counted?.total ?? total?.count ?? 0) : rows.length
  return {
    rows,
    count,
    isEstimate: hasNextPage && (counted ?? total)?.isEstimate === true,
    isLoading: query.isPending,
    isBehind: isPlaceholderData || (isFetching && !isFetchingNextPage),
    error: query.error,
    retry: () => void (data === undefined ? query.refetch() : fetchNextPage()),
    changed,
    renew,
    want,
  }
}

/** How many leads have changed while a list has been there. */
function useChanged(list: string, take: (change: Change) => void): [count: number, forget: () => void] {
  const [changed, setChanged] = useState<{ readonly list: string; readonly leads: ReadonlySet<string> }>()
  const leads = changed?.list === list ? changed.leads : NOBODY
  useChanges((change) => {
    if (change.topic !== 'transition') return
    take(change)
    setChanged((before) => ({ list, leads: new Set([...(before?.list === list ? before.leads : []), change.lead]) }))
  })
  return [leads.size, () => setChanged(undefined)]
}
const NOBODY: ReadonlySet<string> = new Set()

/** A row tells its new level or stage where it stands; whether it should still stand there is seen when the list is renewed. */
function patched(data: InfiniteData<Page>, { lead, at, body }: Change): InfiniteData<Page> {
  const patch = (row: LeadListed): LeadListed => {
    const { kind, name, to } = body as { kind: string; name: string; to: string }
    if (row.id !== lead) return row
    if (kind === 'stage') return { ...row, stage: to, stageSince: at }
    return kind === 'category' ? { ...row, levels: { ...row.levels, [name]: to } } : row
  }
  const pages = data.pages.map((page) =>
    page.items.some(({ id }) => id === lead) ? { ...page, items: page.items.map(patch) } : page,
  )
  return { ...data, pages }
}
