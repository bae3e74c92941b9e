import type { Definition } from '../../src/definition/language.ts'

/** A definition that uses every construct of the language once, as plain data; every test takes its own copy. */
export const whole = (): Definition => structuredClone(document)

/** A copy of the whole definition with one value put at a path (`scores.fit.range`, list items by number), or removed. */
export function wholeWith(path: string, value: unknown): unknown {
  return putAt(whole(), path, value)
}

export function putAt(root: unknown, path: string, value: unknown): unknown {
  const steps = path.split('.')
  let at = root as Record<string, unknown>
  for (const step of steps.slice(0, -1)) {
    if (at[step] === undefined) throw new Error(`no ${step} in ${path}`)
    at = at[step] as Record<string, unknown>
  }
  if (value === undefined) delete at[steps.at(-1)!]
  else at[steps.at(-1)!] = value
  return root
}

const document: Definition = {
  winnow: 1,
  name: 'Tools for workshops',
  description: 'Agreed by both teams.',
  attributes: {
    job_level: {
      type: 'choice',
      of: ['executive', 'manager', 'other'],
      label: 'Job level',
      question: 'What is your role?',
      answers: 'authority',
    },
    interests: { type: 'choices', of: ['saws', 'drills', 'lathes'] },
    employees: { type: 'number', about: 'account', unit: 'people', answers: 'need', question: 'How many work there?' },
    industry: { type: 'text', about: 'account' },
    referred_by: { type: 'text' },
    budget: { type: 'number', unit: 'EUR', answers: 'budget', question: 'What is set aside?' },
    signs: { type: 'boolean', answers: 'authority', question: 'Do you sign?' },
    trial_ends: { type: 'date' },
    founded: { type: 'date', about: 'account' },
  },
  activities: {
    pricing_viewed: { from: 'page', where: { path: { starts_with: '/pricing' } }, intent: 'high' },
    demo_requested: {
      from: ['form_submitted', 'chat'],
      where: { form: 'demo', seats: { at_least: 2, below: 100 } },
      intent: 'high',
      label: 'Demo requested',
    },
    article_read: { from: 'page', where: { section: ['blog', 'guides'] }, intent: 'low' },
    ordered: { from: 'order' },
    unsubscribed: { from: 'unsubscribe', intent: 'negative' },
  },
  personas: {
    buyer: {
      label: 'Buyer',
      description: 'Decides and pays.',
      when: {
        all: [
          { attribute: 'job_level', in: ['executive', 'manager'] },
          { attribute: 'employees', at_least: 20 },
        ],
      },
    },
    hobbyist: {
      when: {
        not: {
          any: [
            { attribute: 'signs', is: true },
            { attribute: 'industry', contains: ['wood', 'metal'] },
          ],
        },
      },
    },
  },
  scores: {
    fit: {
      label: 'Fit',
      range: [0, 100],
      groups: {
        company: {
          label: 'Company',
          cap: 60,
          floor: -20,
          weight: 1.5,
          criteria: [
            {
              id: 'size',
              label: 'Company size',
              table: 'employees',
              bins: [
                { below: 20, points: 0 },
                { below: 200, points: 25 },
                { at_least: 200, points: 40 },
              ],
              otherwise: 1,
              unknown: 5,
            },
            { id: 'age', table: 'founded', bins: [{ below: 365, points: -5 }, { points: 5 }] },
            {
              id: 'trade',
              when: { attribute: 'industry', matches: '(?i)wood|metal', known: true },
              points: 10,
              unknown: 2,
            },
          ],
        },
        person: {
          criteria: [
            { id: 'persona', when: { persona: ['buyer', 'hobbyist'] }, points: 40 },
            {
              id: 'level',
              table: 'job_level',
              values: { executive: 20, manager: 10 },
              otherwise: -10,
              cap: 15,
              floor: -5,
            },
            { id: 'likes', table: 'interests', values: { saws: 5, drills: 5 } },
            { id: 'signatory', table: 'signs', values: { true: 10, false: -2 } },
            { id: 'friend', when: { attribute: 'referred_by', starts_with: 'Dr', is_not: 'Dr No' }, points: 5 },
          ],
        },
      },
    },
    engagement: {
      range: [0, 100],
      decay: { half_life: '14d' },
      groups: {
        intent: {
          cap: 70,
          decay: { linear: { over: '30d', after: '2d' } },
          criteria: [
            { id: 'pricing', each: 'pricing_viewed', points: 10, count: { at_most: 3, within: '7d' }, within: '30d' },
            {
              id: 'demo',
              each: ['demo_requested'],
              where: { seats: { above: 5 } },
              points: 60,
              decay: 'none',
              cap: 60,
            },
            {
              id: 'team',
              each: 'article_read',
              points: 1,
              by: 'account',
              unknown: 2,
              decay: { steps: { every: '7d', lose: '25%' } },
            },
            {
              id: 'gone',
              each: 'unsubscribed',
              points: -30,
              decay: { expires: '180d' },
              floor: -30,
              count: { at_most: 1 },
            },
          ],
        },
        rhythm: {
          criteria: [
            {
              id: 'days',
              when: { activity: 'article_read', distinct_days: { at_least: 3 }, within: '14d' },
              points: 10,
            },
            {
              id: 'rising',
              when: {
                activity: ['article_read', 'pricing_viewed'],
                trend: { against: '28d', at_least: 2, at_most: 50 },
                within: '7d',
              },
              points: 10,
            },
            {
              id: 'orders',
              when: { activity: 'ordered', sum: { of: 'amount', at_least: 100, below: 9000 } },
              points: 5,
            },
            {
              id: 'basket',
              when: { activity: 'ordered', average: { of: 'amount', above: 50 }, where: { returned: false } },
              points: 5,
            },
            {
              id: 'recent',
              when: { activity: 'pricing_viewed', last: { within: '3d', longer_ago_than: '1d' } },
              points: 5,
            },
            { id: 'quiet', when: { activity: 'article_read', never: true, within: '60d' }, points: -10 },
            {
              id: 'often',
              when: { activity: 'article_read', count: { between: [2, 5] }, where: { section: { in: ['blog'] } } },
              points: 3,
            },
            { id: 'ever', when: { activity: 'ordered', ever: true }, points: 3 },
            {
              id: 'together',
              when: {
                account: {
                  any: [
                    { activity: 'demo_requested', count: { at_least: 2 } },
                    { attribute: 'employees', between: [50, 500] },
                  ],
                },
              },
              points: 5,
            },
            { id: 'colleagues', when: { leads: { at_least: 2 }, when: { score: 'fit', at_least: 30 } }, points: 5 },
            { id: 'ending', when: { attribute: 'trial_ends', due_within: '7d' }, points: 5 },
            {
              id: 'ended',
              when: { attribute: 'trial_ends', older_than: '1d', newer_than: '90d', at_least: '2026-01-01' },
              points: -5,
            },
            { id: 'changed', when: { attribute: 'job_level', changed_within: '30d' }, points: 5 },
            {
              id: 'some',
              when: {
                at_least: 1,
                of: [
                  { attribute: 'budget', above: 1000 },
                  { attribute: 'interests', not_in: ['saws'] },
                ],
              },
              points: 5,
            },
          ],
        },
      },
    },
  },
  categories: {
    quality: {
      label: 'Quality',
      levels: [
        { high: { label: 'High', when: { score: 'fit', at_least: 70 } } },
        { medium: { when: { score: 'fit', at_least: 40 } } },
        { low: {} },
      ],
    },
    temperature: {
      levels: [
        {
          hot: {
            when: { score: 'engagement', at_least: 60 },
            stays_while: { score: 'engagement', at_least: 50 },
            for_at_least: '1h',
            stays_at_least: '2d',
          },
        },
        {
          warm: {
            when: {
              any: [
                { score: 'engagement', at_least: 25 },
                { category: 'quality', is: 'high', for_at_least: '30d' },
              ],
            },
          },
        },
        { cold: {} },
      ],
    },
    origin: {
      levels: [{ referral: { when: { attribute: 'referred_by', known: true } } }, { marketing: {} }],
    },
    grade: { matrix: { rows: 'quality', columns: 'temperature' } },
    letter: {
      matrix: {
        rows: 'quality',
        columns: 'origin',
        cells: {
          high: { referral: 'A', marketing: 'B' },
          medium: { referral: 'B', marketing: 'C' },
          low: { referral: 'C', marketing: 'C' },
        },
      },
    },
  },
  stages: [
    { id: 'lead' },
    {
      id: 'mql',
      label: 'MQL',
      owner: 'marketing',
      sla: '2d',
      enter: {
        all: [
          { category: 'quality', in: ['high', 'medium'] },
          { category: 'temperature', not_in: ['cold'] },
          { category: 'letter', is_not: 'C' },
        ],
      },
    },
    { id: 'sal', label: 'SAL', owner: 'sales', by: 'accept', sla: '4h' },
    {
      id: 'sql',
      label: 'SQL',
      owner: 'sales',
      by: ['qualify'],
      needs: {
        all: [
          { answers: ['budget', 'authority', 'need'], at_least: 2 },
          { stage: ['sal', 'mql'], for_at_least: '1h' },
        ],
      },
    },
    { id: 'customer', by: 'win', label: 'Customer' },
    { id: 'nurture', by: ['recycle', 'reject'], cool_down: '30d', reasons: ['not now', 'no budget'] },
    { id: 'out', by: ['disqualify', 'lose'], reasons: ['no fit'] },
  ],
  value: {
    currency: 'EUR',
    win: {
      category: 'temperature',
      levels: {
        hot: { probability: 0.3, low: 0.2, high: 0.4, leads: 120 },
        warm: { probability: 0.1 },
        cold: { probability: 0.01 },
      },
    },
    amount: { table: 'employees', bins: [{ below: 50, points: 1000 }, { points: 5000 }], otherwise: 2000 },
    repeats: 2,
    cost: 40,
  },
  capacity: { sales: { mql_per_week: 120, sal_per_day: 20 } },
  playbooks: {
    call_now: {
      when: { all: [{ category: 'temperature', is: 'hot' }, { stage: 'mql' }] },
      title: 'Call within four hours',
      steps: ['Look at what they read.', 'Call.'],
      owner: 'sales',
    },
    win_back: { when: { stage: 'nurture', reached: true }, title: 'Write again', steps: ['Write.'] },
  },
  review: { every: '3 months' },
  examples: [
    {
      name: 'A manager who asked for a demo',
      as_of: '2026-03-01T12:00:00Z',
      facts: [
        { account: 'acme', ago: '90d' },
        { attributes: { job_level: 'manager', interests: ['saws'], employees: 60 }, ago: '60d' },
        { attributes: { budget: 1000, signs: true, trial_ends: '2026-04-01' }, at: '2026-02-01' },
        { forget: ['budget'], ago: '1d' },
        { activity: 'form_submitted', properties: { form: 'demo', seats: 10, returned: false }, ago: '1d', times: 2 },
        { activity: 'page', properties: { path: '/pricing' }, lead: 'colleague' },
        { decision: 'accept', ago: '1h' },
        { decision: 'override', category: 'temperature', level: 'warm', until: '2026-06-01', ago: '1h' },
        { decision: 'override', stage: 'mql', reason: 'Seen at the fair.' },
        { decision: 'win', amount: 5000 },
      ],
      expect: {
        scores: { fit: 55 },
        points: { demo: 60 },
        levels: { temperature: 'warm' },
        stage: 'customer',
        personas: ['buyer'],
      },
    },
  ],
}
