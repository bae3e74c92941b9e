/** Which leads somebody has picked. */
import { useRef, useState } from 'react'
import type { LeadListed } from './use-leads.ts'

export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly count: number
  readonly has: (id: string) => boolean
  /** @param isRange  everything from the one that was picked last */
  readonly toggle: (index: number, isRange?: boolean) => void
  /** Of those that are here. */
  readonly selectAll: () => void
  readonly clear: () => void
}

const NONE: ReadonlySet<string> = new Set()

/** @param list  another list begins with nothing picked */
export function useSelection(rows: readonly LeadListed[], list: string): Selection {
  const [picked, setPicked] = useState({ list, ids: NONE })
  const ids = picked.list === list ? picked.ids : NONE
  const setIds = (next: ReadonlySet<string>) => setPicked({ list, ids: next })
  const lastIndex = useRef<number>(undefined)
  const toggle = (index: number, isRange = false) => {
    const from = isRange ? (lastIndex.current ?? index) : index
    lastIndex.current = index
    const between = rows.slice(Math.min(from, index), Math.max(from, index) + 1).map(({ id }) => id)
    const isOn = !ids.has(rows[index]?.id ?? '')
    const next = new Set(ids)
    for (const id of between) {
      if (isOn) next.add(id)
      else next.delete(id)
    }
    setIds(next)
  }
  return {
    ids,
    count: ids.size,
    has: (id) => ids.has(id),
    toggle,
    selectAll: () => setIds(new Set(rows.map(({ id }) => id))),
    clear: () => setIds(NONE),
  }
}
