import type { operation } from '@winnow/contract'
import { ServerError } from '../errors.ts'
import type { HandlersOf } from '../http/handler.ts'

export interface OperationDeps {
  /** Winnow's own version. */
  readonly version: string
  readonly isServing: () => boolean
  /** Number of the live definition version. @throws where the database does not answer */
  readonly liveVersion: () => Promise<number | null>
}

export const operationHandlers = ({
  version,
  isServing,
  liveVersion,
}: OperationDeps): HandlersOf<typeof operation> => ({
  getHealth: () => ({ status: 'ok' }),
  async getReadiness() {
    if (!isServing()) throw new ServerError('unavailable', 'Winnow is starting or stopping')
    const definition = await liveVersion().catch(() => {
      throw new ServerError('unavailable', 'the database does not answer')
    })
    return { status: 'ready', version, definition }
  },
})
