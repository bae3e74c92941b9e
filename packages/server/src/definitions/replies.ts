/** What of definitions is told in the same way by several handlers. Pure. */
import { toInstantText } from '@winnow/contract'
import type { TrialInput, TrialResult } from './trial-run.ts'
import { STAGE, weekStarts } from './trial.ts'

export function trialResultReply(
  { leads, moved, kept, before, after, moves, weeklyBefore, weeklyAfter }: TrialResult,
  { asOf, weeks }: Pick<TrialInput, 'asOf' | 'weeks'>,
) {
  const none = Array.from({ length: weeks }, () => 0)
  const names = [...new Set([STAGE, ...Object.keys(moves)])]
  const stages = [...new Set([...Object.keys(weeklyBefore), ...Object.keys(weeklyAfter)])]
  return {
    leads,
    moved,
    kept,
    changes: names.map((what) => ({
      what,
      before: before[what] ?? {},
      after: after[what] ?? {},
      moves: Object.entries(moves[what] ?? {}).flatMap(([from, tos]) =>
        Object.entries(tos).map(([to, count]) => ({ from, to, count })),
      ),
    })),
    weeks: weekStarts({ asOf, weeks }).map(toInstantText),
    weekly: stages.map((stage) => ({ stage, before: weeklyBefore[stage] ?? none, after: weeklyAfter[stage] ?? none })),
  }
}
