/** A company: what is known of it, who of it is here, where they stand, what they did lately. */
import { ActionIcon, Button, Group, Menu, Stack, Text } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, ask, type Reply, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { refreshLead } from '../../app/refresh.ts'
import { useMay } from '../../app/session.ts'
import { offerReversal } from '../../app/undo.ts'
import { propertyWords, spaced } from '../../ui/fact-words.ts'
import { Known } from '../../ui/known.tsx'
import { LevelChip } from '../../ui/level-chip.tsx'
import { MergeHistory } from '../../ui/merge-history.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { PeopleList } from '../../ui/people-list.tsx'
import { ErrorNote, NotFound, PageSkeleton, RowsSkeleton } from '../../ui/states.tsx'
import { MergeAccountDialog, unmergeAccount } from './merge-dialog.tsx'
import classes from './account-page.module.css'

type Account = Reply<'accounts', 'getAccount'>
type Lead = Reply<'accounts', 'listAccountLeads'>['items'][number]

export function AccountPage() {
  const { account: id } = useParams({ from: '/inside/accounts/$account' })
  const { data, error, refetch } = useQuery(ask('accounts', 'getAccount', { params: { account: id } }))
  if (data !== undefined) return <OfAccount key={data.id} account={data} />
  if (error instanceof ApiError && error.status === 404) return <NotFound />
  if (error) return <ErrorNote error={error} retry={() => void refetch()} />
  return <PageSkeleton />
}

const PAGE = 50

function OfAccount({ account }: { readonly account: Account }) {
  const { t } = useTranslation(['lead', 'common'])
  const formats = useFormats()
  const people = useInfiniteQuery({
    queryKey: ['accounts', 'people', { params: { account: account.id } }],
    queryFn: ({ pageParam }: { pageParam: string | undefined }) =>
      send('accounts', 'listAccountLeads', {
        params: { account: account.id },
        query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  })
  const leads = people.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Page
      title={account.name ?? t('account.unnamed')}
      beside={t('account.added', { at: formats.date(account.createdAt) })}
      actions={<Actions account={account} />}
    >
      <div className={classes.columns}>
        <Stack gap="sm" miw={0}>
          <Panel
            title={t('account.people')}
            aside={
              <Link to="/leads" search={{ account: account.id }} className="link">
                {formats.number(account.leads)}
              </Link>
            }
          >
            {people.error && <ErrorNote error={people.error} />}
            {people.isPending && <RowsSkeleton count={3} />}
            <PeopleList people={leads} />
            {people.data !== undefined && leads.length === 0 && (
              <Text size="sm" c="dimmed">
                {t('account.nobody')}
              </Text>
            )}
            {people.hasNextPage && (
              <Button
                variant="default"
                size="compact-sm"
                mt="xs"
                loading={people.isFetchingNextPage}
                onClick={() => void people.fetchNextPage()}
              >
                {t('common:actions.showMore')}
              </Button>
            )}
          </Panel>
          <Lately leads={leads} />
        </Stack>
        <Stack gap="sm" miw={0}>
          <Standing account={account} leads={leads} />
          <Panel title={t('account.known')}>
            <Known subject={{ lead: undefined, account: account.id }} about="account" attributes={account.attributes} />
          </Panel>
          {account.names.length > 0 && (
            <Panel title={t('account.names')}>
              {account.names.map(({ kind, value }) => (
                <Text key={`${kind} ${value}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {value}
                </Text>
              ))}
            </Panel>
          )}
          <Merges account={account} />
        </Stack>
      </div>
    </Page>
  )
}

function Actions({ account }: { readonly account: Account }) {
  const { t } = useTranslation('lead')
  const may = useMay()
  const [isMerging, setIsMerging] = useState(false)
  if (!may('leads:write')) return null
  return (
    <div className="no-print">
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <ActionIcon variant="default" size={34} aria-label={t('header.more')}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setIsMerging(true)}>{t('account.merge.do')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <MergeAccountDialog account={account} isOpen={isMerging} close={() => setIsMerging(false)} />
    </div>
  )
}

function Merges({ account }: { readonly account: Account }) {
  const { t } = useTranslation('lead')
  const { data } = useQuery(ask('accounts', 'listAccountMerges', { params: { account: account.id } }))
  return (
    <MergeHistory
      merges={
        data?.items.map((merge) => ({
          ...merge,
          part: merge.account,
          because: merge.by === null ? t('account.merge.followed') : merge.because,
        })) ?? []
      }
      unmerge={async (part) => {
        await unmergeAccount(part)
        offerReversal(t('account.merge.undone'), async () => {
          await send('accounts', 'mergeAccounts', { params: { account: account.id }, body: { other: part } })
          await refreshLead()
        })
      }}
    />
  )
}

/** How many are at which stage, and at which level of the category that sums the others up. */
function Standing({ account, leads }: { readonly account: Account; readonly leads: readonly Lead[] }) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const words = useDefinition()
  const main = words.outline.categories.find(({ isMatrix }) => isMatrix) ?? words.outline.categories[0]
  const counts = new Map(
    main?.levels.map(({ name }) => [name, leads.filter(({ levels }) => levels?.[main.name] === name)]),
  )
  const worth = leads.reduce((sum, { expectedValue }) => sum + Math.max(0, expectedValue ?? 0), 0)
  return (
    <Panel title={t('account.stages')}>
      <Stack gap={6}>
        {words.outline.stages.flatMap(({ name, label }) => {
          const count = account.stages[name] ?? 0
          if (count === 0) return []
          return [
            <Group key={name} justify="space-between" gap="xs">
              <Link to="/leads" search={{ account: account.id, stage: name }} className={classes.stage}>
                {label}
              </Link>
              <Text size="sm" className="tabular">
                {formats.number(count)}
              </Text>
            </Group>,
          ]
        })}
        <Group gap={8} mt={4}>
          {[...counts].flatMap(([level, of]) =>
            of.length === 0
              ? []
              : [
                  <Group key={level} gap={4}>
                    <LevelChip {...words.level(main!.name, level)} />
                    <Text size="xs" c="dimmed" className="tabular">
                      × {of.length}
                    </Text>
                  </Group>,
                ],
          )}
        </Group>
        {worth > 0 && (
          <Text size="sm" c="dimmed" className="tabular">
            {t('account.worth', { amount: formats.money(worth, words.currency) })}
          </Text>
        )}
      </Stack>
    </Panel>
  )
}

/** Of more people than these the latest activities would take too many questions. */
const LATELY_PEOPLE_MAX = 8
const LATELY_MAX = 40
const VISITS_MAX = 20
const THINGS_MAX = 8

/** What anybody of the company did, newest first. */
function Lately({ leads }: { readonly leads: readonly Lead[] }) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const latest = leads
    .filter(({ lastActivityAt }) => lastActivityAt !== null)
    .toSorted((a, b) => Date.parse(b.lastActivityAt ?? '') - Date.parse(a.lastActivityAt ?? ''))
    .slice(0, LATELY_PEOPLE_MAX)
  const replies = useQueries({
    queries: latest.map(({ id }) =>
      ask('leads', 'listActivities', { params: { lead: id }, query: { limit: LATELY_MAX } }),
    ),
  })
  const visits = visitsOf(
    replies.flatMap(({ data }, index) => (data?.items ?? []).map((item) => ({ ...item, lead: latest[index]! }))),
    formats.date,
  ).slice(0, VISITS_MAX)
  return (
    <Panel title={t('account.activity')}>
      {visits.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('account.noActivity')}
        </Text>
      )}
      <ol className={classes.lately}>
        {visits.map(({ key, day, at, lead, did }) => (
          <li key={key}>
            <time dateTime={at}>{day}</time>
            <span>
              <Link to="/leads/$lead" params={{ lead: lead.id }}>
                {lead.name ?? lead.email ?? t('unnamed')}
              </Link>
            </span>
            <span className={classes.did}>{did.join(' · ')}</span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

interface Done {
  readonly at: string
  readonly type?: string | undefined
  readonly properties?: Readonly<Record<string, unknown>> | undefined
  readonly lead: Lead
}

/** What one person did on one day is one line: each thing once, with how often. */
function visitsOf(done: readonly Done[], dayOf: (at: string) => string) {
  const sorted = done.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const visits = Map.groupBy(sorted, ({ at, lead }) => `${dayOf(at)} ${lead.id}`)
  return [...visits].map(([key, of]) => {
    const things = Map.groupBy(of, ({ type = '', properties = {} }) =>
      [spaced(type), propertyWords(properties)].filter(Boolean).join(' '),
    )
    const did = [...things].map(([words, times]) => (times.length === 1 ? words : `${words} ×${times.length}`))
    const [first] = of as [Done]
    return { key, day: dayOf(first.at), at: first.at, lead: first.lead, did: did.slice(0, THINGS_MAX) }
  })
}
