/** Leads behind a figure: who, when it counted, and what became of them; each leads to what was known then, and to why. */
import { ActionIcon, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPin, IconQuestionMark } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { useMay } from '../../app/session.ts'
import { withTexts } from '../../app/text.ts'
import { LevelChip } from '../../ui/level-chip.tsx'
import { PinDialog } from '../../ui/pin.tsx'
import { RowsSkeleton } from '../../ui/states.tsx'
import classes from './backtests.module.css'
import { useReport } from './report.ts'

const Why = lazy(withTexts(['lead', 'phrases'], () => import('./why.tsx')))

export type FigureLead = Reply<'backtests', 'listBacktestLeads'>['items'][number]

const TONES = { won: 'good', accepted: 'cold', lost: 'bad', rejected: 'warm', disqualified: 'low' } as const

export function LeadRows({
  leads,
  label,
  version,
}: {
  readonly leads: readonly FigureLead[]
  readonly label: string
  readonly version: number
}) {
  const words = useDefinition()
  const [pinned, pin] = useState<FigureLead>()
  const pinning = usePinning(version)
  if (leads.length === 0) return null
  const main = words.outline.categories.find(({ isMatrix }) => isMatrix) ?? words.outline.categories[0]
  return (
    <>
      <ul className={classes.leads} aria-label={label}>
        {leads.map((each) => (
          <LeadRow
            key={`${each.lead.id} ${each.at}`}
            row={each}
            main={main?.name}
            version={version}
            pin={() => pin(each)}
          />
        ))}
      </ul>
      <PinDialog pinning={pinned && pinning(pinned)} close={() => pin(undefined)} />
    </>
  )
}

function LeadRow({
  row: { lead, account, at, levels, points, outcome, amount },
  main,
  version,
  pin,
}: {
  readonly row: FigureLead
  readonly main: string | undefined
  readonly version: number
  readonly pin: () => void
}) {
  const { t } = useTranslation('backtests')
  const formats = useFormats()
  const may = useMay()
  const [isOpen, { toggle }] = useDisclosure()
  const words = useDefinition()
  const then = useThen(version)
  const level = main === undefined ? undefined : levels[main]
  const scores = Object.entries(points).map(([name, value]) => `${words.scoreLabel(name)} ${formats.number(value, 0)}`)
  const who = lead.name ?? lead.email ?? lead.id.slice(0, 8)
  return (
    <li className={classes.leadRow}>
      <Link to="/leads/$lead" params={{ lead: lead.id }} search={then(at)} className={classes.lead}>
        <span className={classes.leadName}>
          <b>{who}</b>
          {account?.name && (
            <Text span size="xs" c="dimmed">
              {account.name}
            </Text>
          )}
        </span>
        <Text span size="xs" c="dimmed" className="tabular">
          {formats.date(at)}
          {scores.length > 0 && ` · ${scores.join(' · ')}`}
        </Text>
        <span className={classes.leadTags}>
          {level !== undefined && <LevelChip {...words.level(main!, level)} />}
          {outcome !== null && (
            <span className={classes.outcome} data-tone={TONES[outcome]}>
              {t(`outcomes.${outcome}`)}
              {amount !== null && ` · ${formats.money(amount, words.currency)}`}
            </span>
          )}
        </span>
      </Link>
      <span className={`${classes.leadActions} no-print`}>
        <Tooltip label={t('why.open')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('why.openOf', { who })}
            aria-expanded={isOpen}
            onClick={toggle}
          >
            <IconQuestionMark size={16} />
          </ActionIcon>
        </Tooltip>
        {may('definitions:write') && (
          <Tooltip label={t('why.pin')}>
            <ActionIcon variant="subtle" color="gray" aria-label={t('why.pinOf', { who })} onClick={pin}>
              <IconPin size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
      {isOpen && (
        <Suspense fallback={<RowsSkeleton count={3} />}>
          <Why lead={lead.id} at={at} version={version} />
        </Suspense>
      )}
    </li>
  )
}

/** The address of a lead as it was: by the version that the backtest had, if it was published, and what was known by then. */
function useThen(version: number) {
  const { backtest } = useReport()
  const number = /^version:(\d+)$/.exec(backtest.versions[version]?.reference ?? '')?.[1]
  const isAsReceived = backtest.request.known === 'received'
  return (at: string) => ({
    at,
    ...(isAsReceived && { known: at }),
    ...(number !== undefined && { v: Number(number) }),
  })
}

/** What is pinned is what was seen: as it was then, by what the backtest let be known, and first into the draft that said so. */
function usePinning(version: number) {
  const { backtest } = useReport()
  const draft = /^draft:(.+)$/.exec(backtest.versions[version]?.reference ?? '')?.[1]
  const known = backtest.request.known === 'received' ? undefined : backtest.watermark
  return ({ lead, at, levels }: FigureLead) => ({ lead: lead.id, at, known, seen: levels, draft })
}
