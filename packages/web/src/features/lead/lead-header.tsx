/** Who it is, where it stands, who has it, and what can be decided. */
import { ActionIcon, Badge, Button, Group, Menu, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { notifications } from '@mantine/notifications'
import { IconDots, IconHandGrab, IconUserCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { type Key, useKeys } from '../../app/shortcuts.ts'
import { Levels } from '../../ui/levels.tsx'
import { PinDialog } from '../../ui/pin.tsx'
import { Moment } from '../../ui/moment.tsx'
import { SlaClock } from '../../ui/sla-clock.tsx'
import { type Asked, DecisionDialog } from './decision-dialog.tsx'
import { mainDecisions, possibleDecisions } from './decisions.ts'
import type { Lead } from './lead-queries.ts'
import classes from './lead-header.module.css'
import { EraseDialog } from './erase-dialog.tsx'
import { MergeLeadDialog } from './merge-dialog.tsx'

type Assessment = NonNullable<Lead['assessment']>

/** What is said of the lead, now or at the instant that is looked at. */
export function Standing({ lead, assessment }: { readonly lead: Lead; readonly assessment: Assessment | null }) {
  const { t } = useTranslation(['lead', 'common'])
  const words = useDefinition()
  const formats = useFormats()
  return (
    <div className={classes.standing}>
      {lead.account !== null && (
        <Link to="/accounts/$account" params={{ account: lead.account.id }} className={classes.account}>
          {lead.account.name ?? t('account.unnamed')}
        </Link>
      )}
      {assessment !== null && (
        <>
          <span className={classes.stage}>
            <strong>{words.stageLabel(assessment.stage.id)}</strong>
            <Text span c="dimmed" fz="xs">
              {t('header.since')} <Moment at={assessment.stage.since} />
            </Text>
          </span>
          {assessment.stage.sla && <SlaClock dueAt={assessment.stage.sla.dueAt} />}
          <Levels levels={assessment.levels} />
          {assessment.personas.map((persona) => (
            <Badge key={persona} variant="default" size="sm" tt="none" fw={500}>
              {words.personaLabel(persona)}
            </Badge>
          ))}
          {assessment.value && (
            <Text span size="sm" className="tabular" fw={550}>
              {formats.money(assessment.value.expected, assessment.value.currency)}
            </Text>
          )}
        </>
      )}
      {lead.excludedAs !== null && (
        <Badge variant="default" size="sm" tt="none">
          {t('header.excluded', {
            as: t(`header.excludedAs.${lead.excludedAs}` as 'header.excludedAs.test', {
              defaultValue: lead.excludedAs,
            }),
          })}
        </Badge>
      )}
      {assessment === null && lead.excludedAs === null && (
        <Text size="sm" c="dimmed">
          {t('common:states.noDefinition')}
        </Text>
      )}
    </div>
  )
}

export function Actions({ lead }: { readonly lead: Lead }) {
  const { t } = useTranslation('lead')
  const may = useMay()
  const { outline } = useDefinition()
  const [asked, setAsked] = useState<Asked>()
  const [isMerging, setIsMerging] = useState(false)
  const [isPinning, setIsPinning] = useState(false)
  const mayPin = may('definitions:write') && lead.assessment !== null
  const [isErasing, setIsErasing] = useState(false)
  const mayDecide = may('decisions:write') && lead.stage !== null
  const possible = useMemo(
    () => (mayDecide ? possibleDecisions(outline.stages, lead.stage) : []),
    [mayDecide, outline.stages, lead.stage],
  )
  const { main, rest } = mainDecisions(possible)
  useKeys(
    useMemo(
      () =>
        possible.map((decision): Key => ({
          key: KEYS[decision],
          does: t(`decision.${decision}.do`),
          run: () => setAsked(decision),
        })),
      [possible, t],
    ),
  )
  return (
    <Group gap="xs" className="no-print">
      {may('decisions:write') && <Claim lead={lead} />}
      {main.map((decision, index) => (
        <Button key={decision} variant={index === 0 ? 'filled' : 'default'} onClick={() => setAsked(decision)}>
          {t(`decision.${decision}.do`)}
        </Button>
      ))}
      {(mayDecide || mayPin || may('leads:write')) && (
        <Menu position="bottom-end" width={240}>
          <Menu.Target>
            <ActionIcon variant="default" size={34} aria-label={t('header.more')}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map((decision) => (
              <Menu.Item key={decision} onClick={() => setAsked(decision)}>
                {t(`decision.${decision}.do`)}
              </Menu.Item>
            ))}
            {mayDecide && <Menu.Item onClick={() => setAsked('override')}>{t('decision.override.do')}</Menu.Item>}
            {may('leads:write') && (
              <>
                <Menu.Divider />
                <Menu.Item onClick={() => setIsMerging(true)}>{t('merge.do')}</Menu.Item>
              </>
            )}
            {mayPin && <Menu.Item onClick={() => setIsPinning(true)}>{t('header.pin')}</Menu.Item>}
            <Menu.Item onClick={() => print()}>{t('header.print')}</Menu.Item>
            {may('leads:erase') && (
              <>
                <Menu.Divider />
                <Menu.Item color="red" onClick={() => setIsErasing(true)}>
                  {t('erase.do')}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      <DecisionDialog lead={lead} asked={asked} close={() => setAsked(undefined)} />
      <PinDialog pinning={isPinning ? pinningOf(lead) : undefined} close={() => setIsPinning(false)} />
      {may('leads:erase') && <EraseDialog lead={lead} isOpen={isErasing} close={() => setIsErasing(false)} />}
      <MergeLeadDialog lead={lead} isOpen={isMerging} close={() => setIsMerging(false)} />
    </Group>
  )
}

const pinningOf = ({ id, assessment }: Lead) => ({
  lead: id,
  ...(assessment && { seen: { ...assessment.levels, stage: assessment.stage.id } }),
})

const KEYS = {
  accept: 'A',
  qualify: 'Q',
  win: 'W',
  reject: 'R',
  recycle: 'shift+R',
  disqualify: 'D',
  lose: 'shift+L',
} as const

/** Taken by one, so that nobody else calls. */
function Claim({ lead: { id } }: { readonly lead: Lead }) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const query = ask('queue', 'getClaim', { params: { lead: id } })
  const { data } = useQuery(query)
  const toggling = useMutation({
    mutationFn: async (isMine: boolean) => {
      if (isMine) await send('queue', 'releaseLead', { params: { lead: id } })
      else await send('queue', 'claimLead', { params: { lead: id } })
    },
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['queue'] }),
  })
  if (data === undefined) return null
  const { claim, snoozedUntil } = data
  if (claim !== null && !claim.isMine)
    return (
      <Text size="sm" c="dimmed">
        {t('claim.by', { name: claim.by.name, at: formats.time(claim.until) })}
      </Text>
    )
  const isMine = claim !== null
  return (
    <>
      {snoozedUntil !== null && (
        <Text size="sm" c="dimmed">
          {t('claim.snoozed', { at: formats.dateTime(snoozedUntil) })}
        </Text>
      )}
      <Button
        variant="subtle"
        color="gray"
        leftSection={isMine ? <IconUserCheck size={16} /> : <IconHandGrab size={16} />}
        loading={toggling.isPending}
        onClick={() => toggling.mutate(isMine)}
      >
        {isMine ? t('claim.release', { at: formats.time(claim.until) }) : t('claim.take')}
      </Button>
    </>
  )
}
