/** The queue as it is on the screen: what the server says, in an order that holds still, and with what was just done. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Reply } from '../../app/api.ts'
import { follow, fresh, type Order, type Queued, type Row, START } from './order.ts'
import { queueQuery } from './query.ts'
import type { QueueSearch } from './search.ts'

type Page = Reply<'queue', 'getQueue'>

/** What was done here and the server does not know yet. */
export type Touch = { readonly isHidden: true } | { readonly stage: string } | { readonly claim: Queued['claim'] }

/** Service levels run out and leads cool without a word from anybody. */
const LOOK_AGAIN_MS = 60_000

export function useQueue(search: QueueSearch) {
  const list = JSON.stringify(search)
  const query = useQuery({
    ...queueQuery(search),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
  })
  const { data, isPlaceholderData } = query
  const [seen, setSeen] = useState<{ readonly list: string; readonly page: Page | undefined }>({
    list,
    page: undefined,
  })
  const [order, setOrder] = useState<Order>(START)
  const [touches, setTouches] = useState<ReadonlyMap<string, Touch>>(new Map())
  if (data !== undefined && !isPlaceholderData && (seen.page !== data || seen.list !== list)) {
    setOrder(seen.list === list ? follow(order, data.items) : fresh(data.items))
    setSeen({ list, page: data })
  }
  const rows = order.rows.flatMap((row): Row[] => {
    const touch = touches.get(row.item.lead.id)
    if (touch === undefined) return [row]
    return 'isHidden' in touch ? [] : [{ ...row, item: { ...row.item, ...touch } }]
  })
  return {
    query,
    rows,
    waiting: order.waiting,
    left: rows.filter(({ hasLeft }) => hasLeft).length,
    total: data?.total,
    /** Shows what waits, in the order of now. */
    tidy: () => data && setOrder(fresh(data.items)),
    /** Its place is given up: where the server still has it, it comes in anew. */
    drop: (lead: string) => {
      setOrder((now) => ({ ...now, rows: now.rows.filter(({ item }) => item.lead.id !== lead) }))
      setTouches((all) => without(all, lead))
    },
    touch: (lead: string, touch: Touch | undefined) =>
      setTouches((all) => (touch === undefined ? without(all, lead) : new Map(all).set(lead, touch))),
  }
}

const without = (touches: ReadonlyMap<string, Touch>, lead: string) =>
  new Map([...touches].filter(([each]) => each !== lead))
