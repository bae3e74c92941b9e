/** Why a lead was what it was then, by the very text of a version: of a draft too, which no lead's page knows. */
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { DefinitionVersion, useDefinition } from '../../app/definition.ts'
import { Levels } from '../../ui/levels.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { Breakdown } from '../../ui/breakdown.tsx'
import classes from './backtests.module.css'
import { useReport } from './report.ts'

export default function Why({
  lead,
  at,
  version,
}: {
  readonly lead: string
  readonly at: string
  readonly version: number
}) {
  const { backtest } = useReport()
  const { data, error, refetch } = useQuery({
    ...ask('backtests', 'explainBacktestLead', { params: { backtest: backtest.id, lead }, query: { version, at } }),
    staleTime: Infinity,
    retry: false,
  })
  if (error) return <ErrorNote error={error} retry={() => void refetch()} />
  if (data === undefined) return <RowsSkeleton count={3} />
  return (
    <DefinitionVersion value={data.version === 0 ? undefined : data.version}>
      <div className={classes.why}>
        <Standing stage={data.assessment.stage.id} levels={data.assessment.levels} version={version} />
        <Breakdown explanation={data} />
      </div>
    </DefinitionVersion>
  )
}

function Standing({
  stage,
  levels,
  version,
}: {
  readonly stage: string
  readonly levels: Readonly<Record<string, string>>
  readonly version: number
}) {
  const { t } = useTranslation('backtests')
  const { stageLabel } = useDefinition()
  const { backtest } = useReport()
  return (
    <>
      <Text size="xs" c="dimmed">
        {t('why.by', { name: backtest.versions[version]?.name ?? '' })}
      </Text>
      <div className={classes.standing}>
        <b>{stageLabel(stage)}</b>
        <Levels levels={levels} />
      </div>
    </>
  )
}
