/** The page that lies in a folder of demo data, so that whoever finds it knows what it is. */
import { formatInstant, type Instant } from '@winnow/engine'
import type { Demo } from '@winnow/demo'
import { join } from 'node:path'

export interface DemoTotals {
  readonly leads: number
  readonly accounts: number
  readonly facts: number
  readonly activities: number
  readonly decisions: number
  /** Leads, not orders. */
  readonly won: number
}

/** Commands that work as they stand. */
export function demoSteps(folder: string): string[] {
  const inFolder = (name: string) => quoted(join(folder, name))
  const facts = inFolder('facts.jsonl.gz')
  const [first, second] = [1, 2].map((number) => inFolder(`definition-v${number}.yaml`))
  return [
    `npx winnow score ${second} ${facts} --as-of last`,
    `npx winnow replay ${second} ${facts} --landmark 14d`,
    `npx winnow replay ${first} ${facts} --landmark 14d`,
    `npx winnow diff ${first} ${second}`,
  ]
}

const quoted = (path: string): string => (/^[\w./@:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`)
const day = (at: Instant): string => formatInstant(at).slice(0, 10)

export function demoReadme({ world, versions }: Demo, totals: DemoTotals): string {
  const number = (value: number) => value.toLocaleString('en')
  const [first, second] = versions
  return `# Synthetic data: Tidewater Rota, a company that does not exist

Everything in this folder is made up by a program. No person, company, visit, call or order in it is real: addresses end in
\`.example\`, companies are called “(synthetic)”, and every lead has the attribute \`data_origin\` with the value \`synthetic\`.

Tidewater Rota, in this story, sells shift planning to companies whose people work in shifts. From ${day(world.start)} to
${formatInstant(world.until)} it got ${number(totals.leads)} leads of ${number(totals.accounts)} accounts: ${number(totals.activities)} activities and ${number(totals.decisions)} decisions of
sales, ${number(totals.facts)} facts in all. ${number(totals.won)} leads were won.

| file | |
|---|---|
| \`facts.jsonl.gz\` | what happened, one fact a line, lead by lead |
| \`definition-v1.yaml\` | the definition that was live from ${day(first.publishedAt)} |
| \`definition-v2.yaml\` | the definition that is live since ${day(second.publishedAt)} |
| \`costs.csv\` | what each campaign cost each month |
| \`truth.jsonl.gz\` | **the hidden truth**, one lead a line: what kind of person it was drawn from, its chance of a win and what makes it up. Nothing that learns or scores may look at it; it is for checking afterwards |
| \`world.json\` | the hidden truth of the world: coefficients, segments, sources, what changed on ${day(world.drift.at)} |

The same seed gives the same bytes:

\`\`\`sh
winnow demo --out . --seed ${quoted(world.seed)} --leads ${world.leads} --until ${formatInstant(world.until)}
\`\`\`

Look at it, in a checkout of Winnow:

\`\`\`sh
${demoSteps('.').join('\n')}
\`\`\`

\`docs/demo.md\` there describes the company, its hidden truth and the drift.
`
}
