/** The same fifty criteria as one SQL query, from the same data as the definition. */
import { ACTIVITIES, ATTRIBUTE_CRITERIA, CAPS, COUNTS, HALF_LIVES, RECENCIES, STEPS, SUMS } from './definition.ts'
import { AS_OF } from './data.ts'

const DAY_MS = 86_400_000

/** Whether an activity row is of a named activity. */
function is(name: string): string {
  const { from, path } = ACTIVITIES[name]!
  return path === undefined ? `type = '${from}'` : `type = '${from}' AND starts_with(path, '${path}')`
}

/**
 * One row a lead, in order of leads: its fit and engagement at an instant.
 * @param rows  which activities count
 */
export function queryAt(at: number, rows = 'TRUE'): string {
  const since = (days: number) => `moment > ${at - days * DAY_MS}`
  const clamp = (sum: string, cap: number) => `least(${cap}::DOUBLE, ${sum})`
  const faded = (points: number, weight: string, name: string) =>
    `coalesce(sum(CASE WHEN ${is(name)} THEN ${points}::DOUBLE * ${weight} END), 0)`

  const counts = COUNTS.map(
    ({ activity, days, atLeast, points }) =>
      `CASE WHEN count(*) FILTER (WHERE ${is(activity)} AND ${since(days)}) >= ${atLeast} THEN ${points} ELSE 0 END`,
  )
  const sums = SUMS.map(
    ({ activity, days, atLeast, points }) =>
      `CASE WHEN coalesce(sum(minutes) FILTER (WHERE ${is(activity)} AND ${since(days)}), 0) >= ${atLeast} THEN ${points} ELSE 0 END`,
  )
  const recencies = RECENCIES.map(({ activity, within, longerAgoThan, points }) => {
    const latest = `max(moment) FILTER (WHERE ${is(activity)})`
    const test =
      within === undefined ? `${latest} <= ${at - longerAgoThan! * DAY_MS}` : `${latest} > ${at - within * DAY_MS}`
    return `CASE WHEN ${test} THEN ${points} ELSE 0 END`
  })
  const fading = [
    ...HALF_LIVES.map(({ activity, points, cap, halfLifeDays }) =>
      clamp(faded(points, `pow(2::DOUBLE, (moment - ${at}) / ${halfLifeDays * DAY_MS}::DOUBLE)`, activity), cap),
    ),
    ...STEPS.map(({ activity, points, cap, everyDays, losePercent }) =>
      clamp(
        faded(
          points,
          `greatest(0, 1 - ${losePercent / 100}::DOUBLE * floor((${at} - moment) / ${everyDays * DAY_MS}::DOUBLE))`,
          activity,
        ),
        cap,
      ),
    ),
  ]

  const total = (parts: readonly string[]) => parts.map((part) => `(${part})`).join(' + ')
  return `
WITH engagement AS (
  SELECT lead,
    ${clamp(total(counts), CAPS.counts)} + ${clamp(total(sums), CAPS.sums)}
    + ${clamp(total(recencies), CAPS.recencies)} + ${clamp(total(fading), CAPS.fading)} AS points
  FROM activity WHERE ${rows} GROUP BY lead
)
SELECT lead,
  greatest(0, least(100, ${clamp(total(ATTRIBUTE_CRITERIA.map(({ sql }) => sql)), CAPS.fit)})) AS fit,
  greatest(0, least(200, coalesce(engagement.points, 0))) AS engagement
FROM lead LEFT JOIN engagement USING (lead) ORDER BY lead`
}

export const QUERY = queryAt(AS_OF)
