/** Who is signed in. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Right } from '@winnow/contract'
import { ApiError, ask, type Reply, send } from './api.ts'
import { queries } from './queries.ts'

export type Me = Reply<'access', 'getSession'>

const session = { ...ask('access', 'getSession'), staleTime: 60_000, retry: false }

/** @returns undefined where nobody is signed in. @throws ApiError where Winnow does not answer */
export async function fetchMe(): Promise<Me | undefined> {
  return queries.ensureQueryData(session).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 401) return undefined
    throw error
  })
}

/** Only below the shell, where somebody is signed in. */
export function useMe(): Me['person'] {
  const { data } = useQuery(session)
  if (data === undefined) throw new Error('nobody is signed in')
  return data.person
}

export function useMay(): (right: Right) => boolean {
  const { rights } = useMe()
  return (right) => rights.includes(right)
}

/** What was read for one person is not for the next. */
export function welcome(me: Me): void {
  queries.clear()
  queries.setQueryData(session.queryKey, me)
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient()
  return async () => {
    await send('access', 'signOut')
    client.clear()
    location.assign('/sign-in')
  }
}
