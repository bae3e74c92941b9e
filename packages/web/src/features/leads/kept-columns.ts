/** Which columns somebody wants to see, in their order: kept in this browser, for each person. */
import { useLocalStorage } from '@mantine/hooks'
import { useMemo } from 'react'
import { useMe } from '../../app/session.ts'
import { initialColumns, type LeadColumn } from './columns.tsx'

export interface ChosenColumns {
  readonly shown: readonly LeadColumn[]
  readonly choose: (ids: readonly string[]) => void
  readonly isChosen: boolean
  readonly reset: () => void
}

/** Somebody's name is always there: it is how one gets to the lead. */
const FIRST = 'name'

export function useChosenColumns(all: readonly LeadColumn[]): ChosenColumns {
  const { id } = useMe()
  const [kept, keep, forget] = useLocalStorage<readonly string[] | null>({
    key: `winnow.columns.${id}`,
    defaultValue: null,
    getInitialValueInEffect: false,
    deserialize: readIds,
  })
  const shown = useMemo(() => {
    const byId = new Map(all.map((column) => [column.id, column]))
    const wanted = new Set([FIRST, ...(kept ?? initialColumns(all))])
    return [...wanted].flatMap((each) => byId.get(each) ?? [])
  }, [all, kept])
  return { shown, choose: (ids) => keep([...ids]), isChosen: kept !== null, reset: forget }
}

/** Whatever stands in the browser's store, it is columns or nothing. */
function readIds(text: string | undefined): readonly string[] | null {
  try {
    const ids: unknown = JSON.parse(text ?? 'null')
    return Array.isArray(ids) && ids.every((each) => typeof each === 'string') ? ids : null
  } catch {
    return null
  }
}
