/** The rules of the lifecycle: one first stage, a path forward, side stages that only decisions lead to. */
import { checkDuration, fail, isWhole, type Checking } from './checking.ts'
import type { Path } from './issue.ts'
import { IMPLIED_STAGES } from './levels.ts'
import type { Stage } from './language.ts'
import { asList, eachEntry } from './walk.ts'

const SIDE: ReadonlySet<string> = new Set(['reject', 'recycle', 'disqualify', 'lose'])

/** The decisions that lead to a stage. */
export const decisionsOf = (stage: Stage): readonly string[] => asList(stage.by)

/** Whether a stage lies beside the path: some decision that leads here is a step back or out. */
export const isSideStage = (stage: Stage): boolean => decisionsOf(stage).some((each) => SIDE.has(each))

export function checkStages(checking: Checking): void {
  const { stages = [] } = checking.definition
  stages.forEach((stage, at) => {
    const path = ['stages', at]
    checkDuration(checking, stage.sla, [...path, 'sla'])
    checkDuration(checking, stage.cool_down, [...path, 'cool_down'], 'allowed')
    if (at === 0) checkFirstStage(checking, stage, path)
    else if (isSideStage(stage)) checkSideStage(checking, stage, path)
    else checkPathStage(checking, stage, path)
  })
  checkIds(checking, stages)
  checkDecisions(checking, stages)
}

function checkFirstStage(checking: Checking, stage: Stage, path: Path): void {
  for (const key of ['enter', 'by', 'needs', 'cool_down'] as const) {
    if (stage[key] !== undefined) fail(checking, 'first_stage', [...path, key], `the first stage has no \`${key}\``)
  }
}

function checkPathStage(checking: Checking, stage: Stage, path: Path): void {
  if (stage.enter === undefined && stage.by === undefined && isWhole(checking, path)) {
    fail(checking, 'no_way_in', path, `nothing leads to \`${stage.id}\`: it has neither \`enter\` nor \`by\``)
  }
  if (stage.cool_down === undefined) return
  const message = 'a cool-down follows a step back, and no step back leads to this stage'
  fail(checking, 'misplaced', [...path, 'cool_down'], message, 'move it to the stage that is `by` recycle or reject')
}

function checkSideStage(checking: Checking, stage: Stage, path: Path): void {
  const decisions = decisionsOf(stage)
  if (decisions.some((each) => !SIDE.has(each))) {
    fail(checking, 'mixed_decisions', [...path, 'by'], `\`${stage.id}\` cannot be on the path and beside it`)
  }
  for (const key of ['enter', 'needs'] as const) {
    if (stage[key] !== undefined)
      fail(checking, 'side_stage_condition', [...path, key], `a side stage has no \`${key}\``)
  }
  if (stage.cool_down !== undefined && !decisions.includes('recycle') && !decisions.includes('reject')) {
    const message = 'nothing automatic happens in a closed stage, so there is nothing to cool down'
    fail(checking, 'misplaced', [...path, 'cool_down'], message, 'only stages `by` recycle or reject have a cool-down')
  }
}

function checkIds(checking: Checking, stages: readonly Stage[]): void {
  const seen = new Set<string>()
  stages.forEach((stage, at) => {
    if (seen.has(stage.id))
      fail(checking, 'duplicate_id', ['stages', at, 'id'], `two stages have the id \`${stage.id}\``)
    seen.add(stage.id)
  })
}

function checkDecisions(checking: Checking, stages: readonly Stage[]): void {
  const leadsTo = new Map<string, string>()
  stages.forEach((stage, at) => {
    for (const decision of decisionsOf(stage)) {
      const before = leadsTo.get(decision)
      if (before === undefined) leadsTo.set(decision, stage.id)
      else fail(checking, 'duplicate_decision', ['stages', at, 'by'], `\`${decision}\` already leads to \`${before}\``)
    }
  })
  eachEntry(IMPLIED_STAGES, (id, decision) => {
    if (leadsTo.has(decision) || !isWhole(checking, ['stages'])) return
    stages.forEach((stage, at) => {
      if (stage.id !== id) return
      fail(
        checking,
        'reserved_stage',
        ['stages', at, 'id'],
        `\`${id}\` is where \`${decision}\` leads when no stage is by it`,
      )
    })
  })
}
