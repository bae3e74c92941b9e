/** The container files fit the repository; nothing here can build them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SETTINGS } from '@winnow/server'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '..')
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')

/** Instructions, each on one line. */
const instructions = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): [string, string] => {
    const [name = '', ...rest] = line.split(' ')
    return [name, rest.join(' ')]
  })
const all = (name: string) => instructions.flatMap(([each, rest]) => (each === name ? [rest] : []))
const command = (text: string) => JSON.parse(/\[.*\]/.exec(text)![0]) as string[]

interface Service {
  readonly image?: string
  readonly build?: string
  readonly environment: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly volumes?: readonly string[]
  readonly healthcheck?: object
}
const compose = parse(read('compose.yaml')) as {
  readonly services: Readonly<Record<'winnow' | 'postgres', Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}
const names = new Set(SETTINGS.map(({ name }) => name))

describe('Dockerfile', () => {
  test('copies what there is, and nothing that is left out of the context', () => {
    const ignored = read('.dockerignore').trimEnd().split('\n')
    const sources = all('COPY').filter((rest) => !rest.startsWith('--from'))
    for (const source of sources.flatMap((rest) => rest.split(' ').slice(0, -1))) {
      expect([source, existsSync(join(ROOT, source))]).toEqual([source, true])
      expect(ignored).not.toContain(source)
    }
  })

  test('what it runs is there, and is among what it copies', () => {
    const copied = all('COPY').flatMap((rest) => rest.split(' ').slice(0, -1))
    for (const [program, file = ''] of [...all('CMD'), ...all('HEALTHCHECK')].map(command)) {
      expect(program).toBe('node')
      expect([file, existsSync(join(ROOT, file))]).toEqual([file, true])
      expect(copied).toContain(file.split('/')[0])
    }
  })

  test('runs as an ordinary user, with a volume that is this user’s', () => {
    expect(all('USER')).toEqual(['node'])
    expect(all('VOLUME')).toEqual(['/data'])
    const order = instructions.map(([name]) => name)
    expect(order.lastIndexOf('RUN')).toBeLessThan(order.indexOf('USER'))
    expect(all('RUN').at(-1)).toContain('chown node:node /data')
  })

  test('sets only settings that there are', () => {
    const set = all('ENV').flatMap((rest) => rest.split(' ').map((each) => each.split('=')[0]!))
    expect(set.filter((name) => !names.has(name))).toEqual(['NODE_ENV'])
  })
})

describe('compose.yaml', () => {
  const { winnow, postgres } = compose.services
  test('Winnow waits for a database that says when it is ready, and uses it', () => {
    expect(winnow.depends_on).toEqual({ postgres: { condition: 'service_healthy' } })
    expect(postgres.healthcheck).toBeDefined()
    const { POSTGRES_USER: user, POSTGRES_DB: database } = postgres.environment
    const url = winnow.environment['DATABASE_URL']!
    expect(url).toMatch(
      new RegExp(`^postgresql://${user}:\\$\\{POSTGRES_PASSWORD:\\?[^}]+\\}@postgres:5432/${database}$`),
    )
  })

  test('what it names is there', () => {
    expect(winnow.build).toBe('.')
    for (const name of Object.keys(winnow.environment)) expect(names).toContain(name)
    for (const volume of postgres.volumes!) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
  })

  test('no password is written down', () => expect(read('compose.yaml')).not.toMatch(/PASSWORD: (?!\$\{)/))
})
