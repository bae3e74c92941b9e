/** The API described: OpenAPI 3.1, and a page to read, both made from the table of endpoints. */
import { problem, RIGHTS, type Access, type Endpoint } from '@winnow/contract'
import { z } from 'zod'
import { escape, page } from '../http/page.ts'

type Json = Readonly<Record<string, unknown>>
export type EndpointTable = Readonly<Record<string, Readonly<Record<string, Endpoint>>>>

const schemaOf = (schema: z.ZodType): Json => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

export function openApi(areas: EndpointTable, version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const [area, endpoints] of Object.entries(areas)) {
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const path = endpoint.path.replaceAll(/:([a-z_]+)/gi, '{$1}')
      paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(area, name, endpoint) }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Winnow',
      version,
      description: 'Lead qualification by one shared definition: capture, assessments, decisions, definitions.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: Object.keys(areas).map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key' },
        session: { type: 'apiKey', in: 'cookie', name: 'winnow.session', description: 'A person who has signed in' },
        writeKey: { type: 'http', scheme: 'basic', description: 'A source’s write key as the user name' },
      },
      schemas: { Problem: schemaOf(problem) },
    },
  }
}

function operationOf(area: string, name: string, endpoint: Endpoint): Json {
  const { summary, description, access, params, query, body, reply, status = 200, media, example } = endpoint
  return {
    operationId: name,
    tags: [area],
    summary,
    description: [description, accessText(access)].filter((part) => part !== undefined).join('\n\n'),
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: { [media?.request ?? 'application/json']: { schema: schemaOf(body), ...exampleOf(example?.body) } },
      },
    }),
    responses: {
      [status]: {
        description: 'Done',
        ...(status !== 204 && {
          content: { [media?.reply ?? 'application/json']: { schema: schemaOf(reply), ...exampleOf(example?.reply) } },
        }),
      },
      default: {
        description: 'Refused, with a reason and what to do about it',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
    security: securityOf(access),
  }
}

const exampleOf = (example: unknown): Json => (example === undefined ? {} : { example })

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = schemaOf(schema) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: each,
  }))
}

function accessText(access: Access): string {
  switch (access) {
    case 'public':
      return 'Open to everybody.'
    case 'source':
      return 'Needs a source’s write key.'
    case 'signed_in':
      return 'For people who have signed in.'
    default:
      return `Needs the right \`${access}\`: ${RIGHTS[access]}.`
  }
}

function securityOf(access: Access): Json[] {
  if (access === 'public') return []
  if (access === 'source') return [{ writeKey: [] }]
  return access === 'signed_in' ? [{ session: [] }] : [{ key: [] }, { session: [] }]
}

// --- A page to read --------------------------------------------------------------------------------------------------

/** The whole reference as one page without scripts. */
export function docsPage(areas: EndpointTable, version: string): string {
  const links = Object.keys(areas).map((area) => `<li><a href="#${area}">${escape(area)}</a></li>`)
  const sections = Object.entries(areas).map(
    ([area, endpoints]) =>
      `<section id="${area}"><h2>${escape(area)}</h2>${Object.entries(endpoints).map(endpointHtml).join('')}</section>`,
  )
  return page(
    'Winnow API',
    `<h1>Winnow API</h1><p>Version ${escape(version)}. For machines: <a href="/api/openapi.json">OpenAPI 3.1</a>. Every refusal is JSON with a code, a sentence, a hint and the place at fault.</p>
<nav aria-label="Areas"><ul>${links.join('')}</ul></nav>${sections.join('')}`,
  )
}

function endpointHtml([name, endpoint]: [string, Endpoint]): string {
  const { method, path, summary, description, access, params, query, body, reply, example } = endpoint
  const parts: [string, string][] = [
    ...block('Path', params),
    ...block('Query', query),
    ...block('Body', body),
    ...(example?.body === undefined
      ? []
      : [['Example body', JSON.stringify(example.body, undefined, 2)] as [string, string]]),
    ...block('Reply', reply),
    ...(example?.reply === undefined
      ? []
      : [['Example reply', JSON.stringify(example.reply, undefined, 2)] as [string, string]]),
  ]
  const blocks = parts.map(([title, text]) => `<h4>${title}</h4><pre>${escape(text)}</pre>`).join('')
  return `<details id="${name}"><summary><code class="method">${method}</code><code>${escape(path)}</code><span class="what">${escape(summary)}</span></summary><div><p>${escape(description ?? '')}</p><p>${escape(accessText(access).replaceAll('`', ''))}</p>${blocks}</div></details>`
}

const block = (title: string, schema: z.ZodType | undefined): [string, string][] =>
  schema === undefined ? [] : [[title, JSON.stringify(schemaOf(schema), undefined, 2)]]
