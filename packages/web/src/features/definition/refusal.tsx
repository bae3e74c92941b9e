/** Why a draft is not taken: examples that came out otherwise are told one by one. */
import { Stack } from '@mantine/core'
import { ApiError } from '../../app/api.ts'
import { ErrorNote } from '../../ui/states.tsx'
import { ExamplesList } from './editor/examples-list.tsx'
import type { ExampleRun } from './editor/protocol.ts'

export const Refusal = ({ error }: { readonly error: Error }) => (
  <Stack gap="xs">
    <ErrorNote error={error} />
    {error instanceof ApiError && error.code === 'examples_failed' && (
      <ExamplesList examples={failedIn(error.details)} hasErrors={false} />
    )}
  </Stack>
)

const failedIn = (details: unknown): readonly ExampleRun[] =>
  (details as readonly Omit<ExampleRun, 'ok'>[]).map((each) => ({ ...each, ok: false }))
