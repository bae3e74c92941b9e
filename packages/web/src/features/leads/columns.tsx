/** The columns that a table of leads can have. They are called as the export calls them, so that both show the same. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type DefinitionWords, useDefinition } from '../../app/definition.ts'
import { type Formats, useFormats } from '../../app/format.ts'
import { useNow } from '../../app/clock.ts'
import { LevelMark } from '../../ui/level-chip.tsx'
import classes from './leads.module.css'
import type { Sort } from './search.ts'
import type { LeadListed } from './use-leads.ts'

export interface LeadColumn {
  /** As `GET /api/exports/leads.csv` calls it. */
  readonly id: string
  readonly label: string
  readonly group: 'lead' | 'levels' | 'scores' | 'attributes'
  readonly width: number
  readonly isNumber?: boolean
  readonly sort?: Sort
  readonly cell: (lead: LeadListed) => ReactNode
}

const SORTS: Readonly<Record<string, Sort>> = {
  created_at: 'createdAt',
  stage_since: 'stageSince',
  sla_due_at: 'slaDueAt',
  next_change_at: 'nextChangeAt',
  expected_value: 'expectedValue',
}

/** All there are, in the order in which they are offered. */
export function useLeadColumns(): readonly LeadColumn[] {
  const words = useDefinition()
  const formats = useFormats()
  const { t } = useTranslation('leads')
  return useMemo(() => {
    const tools = { words, formats }
    const { categories, scores, attributes } = words.outline
    return [
      ...PLAIN.map(({ id, ...rest }): LeadColumn => {
        const sort = SORTS[id]
        const column = { id, label: t(`columns.${id}`), group: 'lead', ...rest } as const
        return {
          ...column,
          ...(sort !== undefined && { sort }),
          cell: (lead) => rest.cell(lead, tools),
        }
      }),
      ...categories.map(({ name, label }): LeadColumn => ({
        id: `level:${name}`,
        label,
        group: 'levels',
        width: 116,
        cell: ({ levels }) => <LevelCell words={words} category={name} level={levels?.[name]} />,
      })),
      ...scores.map(({ name, label }): LeadColumn => ({
        id: `score:${name}`,
        label,
        group: 'scores',
        width: 96,
        isNumber: true,
        cell: ({ scores: of }) => numberCell(of?.[name], formats),
      })),
      ...attributes
        .filter(({ about }) => about === 'lead')
        .map(({ name, label, type }): LeadColumn => ({
          id: `attribute:${name}`,
          label,
          group: 'attributes',
          width: type === 'number' || type === 'boolean' ? 110 : 160,
          isNumber: type === 'number',
          cell: ({ attributes: of }) => valueCell(of[name], formats),
        })),
    ]
  }, [words, formats, t])
}

/** What somebody sees who has chosen nothing yet: who, what they are worth, where they stand, since when. */
export const initialColumns = (all: readonly LeadColumn[]): readonly string[] => [
  'name',
  'account',
  'stage',
  'expected_value',
  ...all
    .filter(({ group }) => group === 'levels')
    .map(({ id }) => id)
    .slice(0, 4),
  'last_activity_at',
  'source',
  'created_at',
]

interface Tools {
  readonly words: DefinitionWords
  readonly formats: Formats
}

interface PlainColumn {
  readonly id:
    | 'name'
    | 'email'
    | 'account'
    | 'stage'
    | 'stage_since'
    | 'sla_due_at'
    | 'expected_value'
    | 'next_change_at'
    | 'created_at'
    | 'last_activity_at'
    | 'source'
    | 'campaign'
    | 'assessed_at'
    | 'version'
    | 'excluded_as'
    | 'id'
  readonly width: number
  readonly isNumber?: boolean
  readonly cell: (lead: LeadListed, tools: Tools) => ReactNode
}

const moment = (at: string | null) => at !== null && <TimeCell at={at} />

const PLAIN: readonly PlainColumn[] = [
  { id: 'name', width: 216, cell: (lead) => <NameCell lead={lead} /> },
  { id: 'email', width: 220, cell: ({ email }) => email },
  {
    id: 'account',
    width: 170,
    cell: ({ account }) =>
      account && (
        <Link to="/accounts/$account" params={{ account: account.id }} className={classes.quietLink} tabIndex={-1}>
          {account.name ?? account.id.slice(0, 8)}
        </Link>
      ),
  },
  { id: 'stage', width: 140, cell: ({ stage }, { words }) => stage !== null && words.stageLabel(stage) },
  { id: 'stage_since', width: 124, cell: ({ stageSince }) => moment(stageSince) },
  { id: 'sla_due_at', width: 116, cell: ({ slaDueAt }) => moment(slaDueAt) },
  {
    id: 'expected_value',
    width: 118,
    isNumber: true,
    cell: ({ expectedValue }, { formats, words }) =>
      expectedValue !== null && formats.money(expectedValue, words.currency),
  },
  { id: 'next_change_at', width: 124, cell: ({ nextChangeAt }) => moment(nextChangeAt) },
  { id: 'created_at', width: 124, cell: ({ createdAt }) => moment(createdAt) },
  { id: 'last_activity_at', width: 124, cell: ({ lastActivityAt }) => moment(lastActivityAt) },
  { id: 'source', width: 130, cell: ({ firstTouch }) => firstTouch?.['source'] },
  { id: 'campaign', width: 150, cell: ({ firstTouch }) => firstTouch?.['campaign'] },
  { id: 'assessed_at', width: 124, cell: ({ assessedAt }) => moment(assessedAt) },
  { id: 'version', width: 84, isNumber: true, cell: ({ version }) => version },
  { id: 'excluded_as', width: 124, cell: ({ excludedAs }) => excludedAs },
  { id: 'id', width: 290, cell: ({ id }) => <span className={classes.code}>{id}</span> },
]

/** What a lead is called where it has no name. */
export const titleOf = ({ name, email, id }: Pick<LeadListed, 'name' | 'email' | 'id'>): string =>
  name ?? email ?? id.slice(0, 8)

/** Hundreds of these come and go while somebody scrolls: the browser's own tooltip is enough. */
function TimeCell({ at }: { readonly at: string }) {
  const formats = useFormats()
  const now = useNow()
  return (
    <time dateTime={at} title={formats.dateTime(at)}>
      {formats.relative(at, now)}
    </time>
  )
}

function NameCell({ lead }: { readonly lead: LeadListed }) {
  return (
    <Link to="/leads/$lead" params={{ lead: lead.id }} className={classes.name} title={lead.email ?? undefined}>
      {titleOf(lead)}
    </Link>
  )
}

function LevelCell({
  words,
  category,
  level,
}: {
  readonly words: DefinitionWords
  readonly category: string
  readonly level: string | undefined
}) {
  return level !== undefined && <LevelMark {...words.level(category, level)} />
}

const numberCell = (value: number | undefined, formats: Formats) => value !== undefined && formats.number(value)

type Value = LeadListed['attributes'][string] | undefined

function valueCell(value: Value, formats: Formats): ReactNode {
  if (value === undefined || value === null) return null
  if (typeof value === 'number') return formats.number(value)
  if (typeof value === 'boolean') return <YesNo is={value} />
  return typeof value === 'string' ? value : formats.list(value)
}

function YesNo({ is }: { readonly is: boolean }) {
  const { t } = useTranslation('leads')
  return is ? t('values.yes') : t('values.no')
}
