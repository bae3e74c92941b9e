import type { operation } from '@winnow/contract'
import { ServerError } from '../errors.ts'
import { PAGE_STYLE } from '../http/page.ts'
import type { HandlersOf } from '../http/handler.ts'
import type { Metrics } from './metrics.ts'
import { docsPage, openApi, type EndpointTable } from './openapi.ts'

export interface OperationDeps {
  /** Winnow's own version. */
  readonly version: string
  readonly areas: EndpointTable
  readonly metrics: Metrics
  readonly isServing: () => boolean
  /** The number of the live definition version, and whether the leads are made up. @throws where the database does not answer */
  readonly readStatus: () => Promise<{ readonly definition: number | null; readonly demo: boolean }>
}

const HTML = 'text/html; charset=utf-8'

export function operationHandlers(deps: OperationDeps): HandlersOf<typeof operation> {
  const { version, areas, metrics, isServing, readStatus } = deps
  // Made when somebody asks: that takes a second of a busy machine, and megabytes, at every start.
  let description: ReturnType<typeof openApi> | undefined
  let docs: string | undefined
  return {
    getHealth: () => ({ status: 'ok' }),
    async getReadiness() {
      if (!isServing()) throw new ServerError('unavailable', 'Winnow is starting or stopping')
      const status = await readStatus().catch(() => {
        throw new ServerError('unavailable', 'the database does not answer')
      })
      return { status: 'ready', version, ...status }
    },
    async getMetrics({ reply }) {
      reply.type(metrics.contentType)
      return metrics.text()
    },
    getOpenApi: () => (description ??= openApi(areas, version)),
    getDocs({ reply }) {
      reply.type(HTML)
      return (docs ??= docsPage(areas, version))
    },
    getStyle({ reply }) {
      reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600')
      return PAGE_STYLE
    },
  }
}
