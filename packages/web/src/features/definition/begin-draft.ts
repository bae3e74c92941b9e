import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ApiError } from '../../app/api.ts'
import { send, type InputOf } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { draftsQuery, type Draft } from './queries.ts'

type Beginning = InputOf<'definitions', 'createDraft'>['body']

/** Begins a draft and opens it. */
export function useBeginDraft() {
  const navigate = useNavigate()
  return useMutation<Draft, ApiError, Beginning>({
    mutationFn: (body) => send('definitions', 'createDraft', { body }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: draftsQuery().queryKey })
      await navigate({ to: '/definition/drafts/$draft', params: { draft: id } })
    },
  })
}
