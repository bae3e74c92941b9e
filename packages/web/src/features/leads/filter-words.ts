/** Filters as people say them. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, type Reply } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { activityTestsOf, attributeTestsOf, type Field, type LeadSearch, levelsOf, stagesOf } from './search.ts'

export type Inputs = Reply<'definitions', 'getInputs'>
export type AttributeInput = Inputs['attributes'][number]

/** What leads have, with the values that are most frequent. */
export const useInputs = () => useQuery({ ...ask('definitions', 'getInputs'), staleTime: 5 * 60_000 }).data

export interface FilterSaid {
  readonly field: string
  /** `is any of` */
  readonly test: string
  readonly value: string
}

/** @returns a filter's three parts in words */
export function useFilterWords(search: LeadSearch): (field: Field) => FilterSaid {
  const { t } = useTranslation('leads')
  const words = useDefinition()
  const formats = useFormats()
  const { account } = search
  const { data } = useQuery({
    ...ask('accounts', 'getAccount', { params: { account: account ?? '' } }),
    enabled: account !== undefined,
  })
  const anyOf = (values: readonly string[]) => (values.length > 1 ? t('filters.anyOf') : t('filters.is'))
  return (field) => {
    switch (field.kind) {
      case 'stage': {
        const stages = stagesOf(search).map(words.stageLabel)
        return { field: t('columns.stage'), test: anyOf(stages), value: stages.join(', ') }
      }
      case 'level': {
        const levels = levelsOf(search, field.category).map((level) => words.level(field.category, level).level)
        return { field: words.categoryLabel(field.category), test: anyOf(levels), value: levels.join(', ') }
      }
      case 'attribute': {
        const { name, operator, value } = attributeTestsOf(search)[field.index ?? -1]!
        const isKnown = operator === 'known'
        return {
          field: words.attributeLabel(name),
          test: isKnown ? t(value === 'false' ? 'filters.unknown' : 'filters.known') : t(`filters.${operator}`),
          value: isKnown ? '' : value,
        }
      }
      case 'activity': {
        const { type, operator, count } = activityTestsOf(search)[field.index ?? -1]!
        return { field: words.activityLabel(type), test: '', value: t(`filters.did.${operator}`, { count }) }
      }
      case 'created':
        return {
          field: t('columns.created_at'),
          test: '',
          value: [search.createdFrom, search.createdTo === undefined ? undefined : dayBefore(search.createdTo)]
            .map((at) => (at === undefined ? '…' : formats.date(at)))
            .join(' – '),
        }
      case 'excluded':
        return {
          field: t('filters.excluded'),
          test: '',
          value: t(`filters.excludedAs.${search.excluded ?? 'without'}`),
        }
      case 'account':
        return { field: t('columns.account'), test: t('filters.is'), value: data?.name ?? account?.slice(0, 8) ?? '' }
      case 'import':
        return { field: t('filters.import'), test: '', value: t('filters.importOne') }
      case 'source':
        return { field: t('columns.source'), test: t('filters.is'), value: search.source! }
    }
  }
}

/** The end of a span of days is the day after the last, and shown as the last. */
export const dayBefore = (at: string): string => new Date(Date.parse(at) - 1).toISOString()
