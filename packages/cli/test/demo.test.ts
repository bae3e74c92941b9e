/** The demo company as files: whole, the same every time, told apart from real data, and stopped cleanly. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { folder, winnow } from './running.ts'

const FILES = [
  'README.md',
  'costs.csv',
  'definition-v1.yaml',
  'definition-v2.yaml',
  'facts.jsonl.gz',
  'truth.jsonl.gz',
  'world.json',
]
const UNTIL = ['--until', '2027-01-01']
const out = join(folder, 'demo/one')
const made = winnow(['demo', '--out', out, '--leads', '120', ...UNTIL, '--json'])
const read = (name: string, from = out) => {
  const bytes = readFileSync(join(from, name))
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}
const linesOf = (text: string) => text.trimEnd().split('\n')

describe('winnow demo', () => {
  test('writes its files, and says what is in them', async () => {
    const { code, json } = await made
    expect(code).toBe(0)
    expect(readdirSync(out).toSorted()).toEqual(FILES)
    const facts = linesOf(read('facts.jsonl.gz')).map((line) => JSON.parse(line) as { kind: string })
    const truths = linesOf(read('truth.jsonl.gz')).map((line) => JSON.parse(line) as { propensity: number })
    expect(truths.length).toBe(120)
    expect(truths.every(({ propensity }) => propensity > 0 && propensity < 1)).toBe(true)
    expect(json()).toMatchObject({
      synthetic: true,
      seed: '1',
      until: '2027-01-01T00:00:00.000Z',
      leads: 120,
      facts: facts.length,
      activities: facts.filter(({ kind }) => kind === 'activity').length,
      decisions: facts.filter(({ kind }) => kind === 'decision').length,
    })
    expect((json() as { files: string[] }).files.toSorted()).toEqual(FILES)
  })

  test('says that it is synthetic, and how to make it again', async () => {
    await made
    expect(read('README.md')).toMatch(/^# Synthetic data/)
    const again = /^winnow demo --out \. (.*)$/m.exec(read('README.md'))![1]!.split(' ')
    const other = join(folder, 'demo/again')
    expect((await winnow(['demo', '--out', other, ...again])).code).toBe(0)
    for (const name of FILES) expect(read(name, other)).toBe(read(name))
  })

  test('teaches steps that work', async () => {
    await made
    const steps = [...read('README.md').matchAll(/^npx winnow (.*)$/gm)].map(([, step]) => step!)
    expect(steps.length).toBeGreaterThanOrEqual(4)
    for (const step of steps) {
      const args = step.split(' ').map((word) => (FILES.includes(word) ? join(out, word) : word))
      expect({ step, ...(await winnow(args)) }).toMatchObject({ step, code: 0, stderr: '' })
    }
  })

  test('costs are a table, and the definitions have nothing to warn of', async () => {
    await made
    const [header, first] = read('costs.csv').split('\r\n')
    expect(header).toBe('month,source,campaign,cost,currency')
    expect(first).toMatch(/^2025-07,[a-z_]+,[a-z-]+,[\d.]+,EUR$/)
    const definitions = ['definition-v1.yaml', 'definition-v2.yaml'].map((name) => join(out, name))
    expect((await winnow(['check', '--strict', ...definitions])).code).toBe(0)
    expect((await winnow(['test', ...definitions])).code).toBe(0)
  })

  test('Ctrl-C leaves nothing half-written', async () => {
    const large = join(folder, 'demo/large')
    const { code, stdout } = await winnow(['demo', '--out', large, '--leads', '1000000'], {
      whileRunning: (child) => {
        const waiting = setInterval(() => {
          if (!existsSync(large) || readdirSync(large).length === 0) return
          clearInterval(waiting)
          child.kill('SIGINT')
        }, 50)
      },
    })
    expect({ code, stdout, left: readdirSync(large) }).toEqual({ code: 130, stdout: '', left: [] })
  })

  test.each([
    { name: 'no leads', args: ['--leads', '0'] },
    { name: 'half a lead', args: ['--leads', '1.5'] },
    { name: 'no instant', args: ['--until', 'soon'] },
    { name: 'a time before all time', args: ['--until', '0001-05-01'] },
  ])('$name is refused', async ({ args }) => {
    const { code, stderr } = await winnow(['demo', '--out', join(folder, 'demo/refused'), ...args])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('error') as unknown })
  })

  test('a folder that cannot be made is told', async () => {
    await made
    const { code, stderr } = await winnow(['demo', '--out', join(out, 'README.md', 'below')])
    expect(code).toBe(3)
    expect(stderr).toContain('error output_unwritable')
  })
})
