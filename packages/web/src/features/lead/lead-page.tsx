/** Everything about a lead: where it stands, why, what comes, and what can be done about it. */
import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../app/api.ts'
import { DefinitionVersion } from '../../app/definition.ts'
import { type Change as StreamChange, useChanges } from '../../app/changes.ts'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { valueWords } from '../../ui/fact-words.ts'
import { ForgottenNote } from '../../ui/forgotten.tsx'
import { ErrorNote, NotFound, PageSkeleton } from '../../ui/states.tsx'
import { AccountPanel } from './account-panel.tsx'
import { Breakdown } from '../../ui/breakdown.tsx'
import { ConsentPanel } from './consent-panel.tsx'
import { HistoryPanel } from './history-chart.tsx'
import { Known } from '../../ui/known.tsx'
import { Actions, Standing } from './lead-header.tsx'
import classes from './lead-page.module.css'
import { explanationQuery, type Lead, leadQuery } from './lead-queries.ts'
import { ChangeWords, Outlook } from './outlook.tsx'
import { Questions } from './questions.tsx'
import { MailLink, MergesPanel, OriginPanel, PlaybookPanels, ValuePanel } from './side-panels.tsx'
import { PastBanner, TravelButton, useTravel } from './time-travel.tsx'
import { Timeline } from './timeline.tsx'

export function LeadPage() {
  const { lead: id } = useParams({ from: '/inside/leads/$lead' })
  const { data: lead, error, refetch } = useQuery(leadQuery(id))
  if (lead !== undefined) return <OfLead key={lead.id} lead={lead} />
  if (error instanceof ApiError && error.status === 404) return <NotFound />
  if (error) return <ErrorNote error={error} retry={() => void refetch()} />
  return <PageSkeleton />
}

function OfLead({ lead }: { readonly lead: Lead }) {
  const { t } = useTranslation('lead')
  const { show = 'all', ...then } = useSearch({ from: '/inside/leads/$lead' })
  const navigate = useNavigate({ from: '/leads/$lead' })
  const travel = useTravel()
  const isPast = then.at !== undefined
  const isSaid = lead.assessment !== null || isPast
  const { data, error, isPlaceholderData } = useQuery({ ...explanationQuery(lead.id, then), enabled: isSaid })
  const explanation = isSaid ? data : undefined // what was said before an exclusion is no longer
  const assessment = isPast ? (explanation?.assessment ?? null) : (explanation?.assessment ?? lead.assessment)
  // What was said then, in the words of then.
  const version = isPast ? explanation?.version : undefined
  return (
    <Page
      title={lead.name ?? lead.email ?? t('unnamed')}
      {...(lead.name !== null && lead.email !== null && { beside: <MailLink email={lead.email} /> })}
      actions={
        <>
          <TravelButton at={then.at} />
          {!isPast && <Actions lead={lead} />}
        </>
      }
    >
      <DefinitionVersion value={version}>
        <Standing lead={lead} assessment={assessment} />
      </DefinitionVersion>
      {isPast ? <PastBanner lead={lead} explanation={explanation} then={then} /> : <JustNow lead={lead.id} />}
      {error && !isUndefinedThen(error) && <ErrorNote error={error} />}
      {explanation !== undefined && <ForgottenNote forgotten={explanation.forgotten} />}
      <div className={classes.columns}>
        {explanation !== undefined && (
          <DefinitionVersion value={version}>
            <Stack gap="sm" className={classes.first}>
              <Outlook explanation={explanation} isPast={isPast} />
              {!isPast && <Questions lead={lead} explanation={explanation} />}
              <PlaybookPanels explanation={explanation} />
              <ValuePanel explanation={explanation} />
            </Stack>
          </DefinitionVersion>
        )}
        <Stack gap="sm" className={classes.main}>
          {explanation !== undefined && (
            <DefinitionVersion value={version}>
              <Breakdown key={`${then.at ?? ''} ${isPlaceholderData}`} explanation={explanation} />
            </DefinitionVersion>
          )}
          {lead.assessment !== null && <HistoryPanel lead={lead.id} then={then.at} onPick={(at) => travel({ at })} />}
          <Timeline
            lead={lead}
            explanation={explanation}
            show={show}
            then={then.at}
            onShow={(chosen) =>
              void navigate({ search: (before) => ({ ...before, show: chosen }), replace: true, resetScroll: false })
            }
          />
        </Stack>
        {!isPast && <Background lead={lead} />}
      </div>
    </Page>
  )
}

const isUndefinedThen = (error: Error) => error instanceof ApiError && error.code === 'no_definition'

/** What is known at present: facts of the past are in the timeline. */
function Background({ lead }: { readonly lead: Lead }) {
  const { t } = useTranslation('lead')
  return (
    <Stack gap="sm" className={classes.second}>
      <Panel title={t('known.title')}>
        <Known
          subject={{ lead: lead.id, account: lead.account?.id }}
          about="lead"
          attributes={lead.attributes}
          times={lead.attributeTimes}
        />
      </Panel>
      <AccountPanel lead={lead} />
      <OriginPanel lead={lead} />
      <ConsentPanel lead={lead} />
      <MergesPanel lead={lead} />
    </Stack>
  )
}

const JUST_NOW_MAX = 3

/** What changed while the page was open, told where nothing moves for it. */
function JustNow({ lead }: { readonly lead: string }) {
  const { t } = useTranslation('lead')
  const [changes, setChanges] = useState<readonly StreamChange[]>([])
  useChanges((change) => {
    if (change.lead === lead && change.topic === 'transition')
      setChanges((before) => [change, ...before].slice(0, JUST_NOW_MAX))
  })
  return (
    <output className={`${classes.justNow} no-print`} data-shown={changes.length > 0 || undefined}>
      {changes.length > 0 && (
        <>
          <strong>{t('justNow')}</strong>
          {changes.map(({ id, body }) => (
            <ChangeWords
              key={id}
              change={{
                kind: body['kind'] as 'category' | 'stage' | 'sla',
                name: valueWords(body['name']),
                from: body['from'] === null ? null : valueWords(body['from']),
                to: valueWords(body['to']),
              }}
            />
          ))}
        </>
      )}
    </output>
  )
}
