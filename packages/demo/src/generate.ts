/** The demo company: everything that there is of it, from a seed. */
import {
  compileDefinition,
  parseDefinitionText,
  type AccountId,
  type Fact,
  type LeadId,
  type Plan,
} from '@winnow/engine'
import { drawAccount } from './people.ts'
import { Chance } from './random.ts'
import { tellStory } from './story.ts'
import type { Truth } from './truth.ts'
import { versionsOf, type DemoVersion } from './versions.ts'
import { Arrivals, openWorld, type DemoOptions, type MonthlyCost, type World } from './world.ts'

export interface DemoLead {
  readonly id: LeadId
  readonly account: AccountId | null
  /** In the order in which they happened. What is said of an account stands with the first of its leads. */
  readonly facts: readonly Fact[]
}

export interface Demo {
  readonly world: World
  /** The definitions that were live, the first first. */
  readonly versions: readonly [DemoVersion, DemoVersion]
  /** What each campaign cost each month. */
  readonly costs: readonly MonthlyCost[]
  /** Account by account, in the order in which they turned up; each iteration begins anew and keeps nothing. */
  readonly leads: Iterable<DemoLead>
}

/** Beside the leads and not in them, so that nothing that reads facts comes upon it. */
const truths = new WeakMap<DemoLead, Truth>()

/** The hidden truth about a lead of this generator. */
export function truthOf(lead: DemoLead): Truth {
  const truth = truths.get(lead)
  if (truth === undefined) throw new Error(`${lead.id} is not a lead of the demo company`)
  return truth
}

export function generateDemo(options: DemoOptions): Demo {
  const world = openWorld(options)
  const versions = versionsOf(world)
  const costs = [...new Arrivals(world).costs(new Chance(`${world.seed}/costs`))]
  return { world, versions, costs, leads: { [Symbol.iterator]: () => leadsOf(world, versions) } }
}

function* leadsOf(world: World, versions: readonly [DemoVersion, DemoVersion]): Generator<DemoLead> {
  const arrivals = new Arrivals(world)
  const plans = [planOf(versions[0]), planOf(versions[1])] as const
  for (let index = 0, leads = 0; leads < world.leads; index++) {
    const account = drawAccount({ world, arrivals, index, leadsBefore: leads })
    const histories = tellStory({ world, calendar: arrivals.calendar, plans, account, index })
    for (const [at, { truth, account: id }] of account.people.entries()) {
      const lead = { id: truth.lead, account: id, facts: histories[at]! }
      truths.set(lead, truth)
      leads++
      yield lead
    }
  }
}

function planOf({ number, text }: DemoVersion): Plan {
  const parsed = parseDefinitionText(text)
  if (!parsed.ok) throw new Error(`version ${number} of the demo company's definition has errors`)
  return compileDefinition(parsed.definition)
}
