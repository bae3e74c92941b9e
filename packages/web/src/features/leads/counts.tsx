/** How many leads are at each stage and level. Each number is a link to those leads. */
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, type Reply } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { toneOf } from '../../ui/level-chip.tsx'
import classes from './leads.module.css'
import {
  type Field,
  fieldsOf,
  filterQuery,
  type LeadSearch,
  levelsOf,
  stagesOf,
  withLevels,
  withStages,
  without,
} from './search.ts'

type Counts = Reply<'leads', 'countLeads'>

export interface Counted {
  readonly all: Counts | undefined
  /** What there would be without a family's own filter: the numbers that choosing another of its levels leads to. */
  readonly of: (family: string) => Counts | undefined
}

const familyOf = (field: Field) =>
  field.kind === 'level' ? field.category : field.kind === 'stage' ? 'stage' : undefined

/** Counts for what is shown, and for each family that is filtered by also without that filter. */
export function useCounts(search: LeadSearch, q: string): Counted {
  const filtered = fieldsOf(search).filter((field) => familyOf(field) !== undefined)
  const results = useQueries({
    queries: [search, ...filtered.map((field) => without(search, field))].map((each) => ({
      ...ask('leads', 'countLeads', { query: filterQuery(each, q) }),
      placeholderData: (previous: Counts | undefined) => previous,
    })),
  })
  const [all, ...others] = results.map(({ data }) => data)
  return {
    all,
    of: (family) => {
      const index = filtered.findIndex((field) => familyOf(field) === family)
      return index < 0 ? all : others[index]
    },
  }
}

export function CountStrip({ search, counted }: { readonly search: LeadSearch; readonly counted: Counted }) {
  const { t } = useTranslation('leads')
  const words = useDefinition()
  const { stages, categories } = words.outline
  const stageCounts = counted.of('stage')?.stages ?? {}
  return (
    <nav className={classes.counts} aria-label={t('counts.label')}>
      <Family label={t('columns.stage')}>
        {namesIn(stages, stageCounts).map((name) => (
          <CountLink
            key={name}
            family={t('columns.stage')}
            label={words.stageLabel(name)}
            count={stageCounts[name] ?? 0}
            isEstimate={counted.of('stage')?.isEstimate === true}
            isOn={stagesOf(search).includes(name)}
            search={withStages(search, isOnly(stagesOf(search), name) ? [] : [name])}
          />
        ))}
      </Family>
      {categories.map(({ name: category, label, levels }) => {
        const counts = counted.of(category)?.levels[category] ?? {}
        const chosen = levelsOf(search, category)
        return (
          <Family key={category} label={label}>
            {namesIn(levels, counts).map((name) => {
              const shown = words.level(category, name)
              return (
                <CountLink
                  key={name}
                  family={label}
                  label={shown.level}
                  tone={toneOf(shown)}
                  count={counts[name] ?? 0}
                  isEstimate={counted.of(category)?.isEstimate === true}
                  isOn={chosen.includes(name)}
                  search={withLevels(search, { category, levels: isOnly(chosen, name) ? [] : [name] })}
                />
              )
            })}
          </Family>
        )
      })}
    </nav>
  )
}

/** What the definition has, in its order, and then what only some leads still are. */
const namesIn = (defined: readonly { readonly name: string }[], counts: Readonly<Record<string, number>>) => [
  ...new Set([...defined.map(({ name }) => name), ...Object.keys(counts)]),
]

const isOnly = (chosen: readonly string[], name: string) => chosen.length === 1 && chosen[0] === name

const Family = ({ label, children }: { readonly label: string; readonly children: React.ReactNode }) => (
  <div className={classes.family}>
    <span className={classes.familyName}>{label}</span>
    <span className={classes.familyCounts}>{children}</span>
  </div>
)

function CountLink({
  family,
  label,
  count,
  isEstimate,
  isOn,
  tone,
  search,
}: {
  readonly family: string
  readonly label: string
  readonly count: number
  readonly isEstimate: boolean
  readonly isOn: boolean
  readonly tone?: string
  readonly search: LeadSearch
}) {
  const formats = useFormats()
  const { t } = useTranslation('leads')
  const number = isEstimate ? t('counts.about', { count: formats.number(count, 0) }) : formats.number(count, 0)
  return (
    <Link
      to="/leads"
      search={search}
      state={true}
      className={classes.count}
      data-on={isOn || undefined}
      data-none={count === 0 || undefined}
      data-tone={tone}
      aria-current={isOn ? 'true' : undefined}
      aria-label={t('counts.of', { family, label, number })}
    >
      {tone !== undefined && <i aria-hidden />}
      <span>{label}</span>
      <b className="tabular">{number}</b>
    </Link>
  )
}
