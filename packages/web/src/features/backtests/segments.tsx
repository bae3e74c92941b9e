/** The same by what leads are: where a definition works, and where it does not. */
import { useTranslation } from 'react-i18next'
import type { SplitResult } from '@winnow/engine'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { Empty } from '../../ui/states.tsx'
import { useReport } from './report.ts'
import { Section } from './section.tsx'

export function Segments() {
  const { t } = useTranslation('backtests')
  const { version } = useReport()
  if (version.splits.length === 0) return <Empty title={t('splits.none')}>{t('splits.noneSaid')}</Empty>
  return version.splits.map((split) => <Split key={split.attribute} split={split} />)
}

function Split({ split: { attribute, values } }: { readonly split: SplitResult }) {
  const { t } = useTranslation('backtests')
  const { index, says, version } = useReport()
  const formats = useFormats()
  const words = useDefinition()
  const label = words.attributeLabel(attribute)
  const ranked = values.filter(({ precision: { value } }) => value !== null)
  const best = ranked.toSorted((a, b) => (b.precision.low ?? 0) - (a.precision.low ?? 0))[0]
  const name = (value: string | null) => value ?? t('splits.unknown')
  return (
    <Section
      title={t('splits.title', { attribute: label })}
      said={
        best === undefined
          ? t('splits.nothing')
          : (best.precision.low ?? 0) > (version.precision.value ?? 1)
            ? t('splits.said', { value: name(best.value), rate: says.rate(best.precision) })
            : t('splits.unclear', { rate: says.rate(version.precision) })
      }
      method={t('splits.method')}
      download="splits"
      isTableOpen
      table={{
        columns: [
          { label },
          { label: t('splits.leads'), isNumber: true },
          { label: t('splits.handedOver'), isNumber: true },
          { label: t('splits.precision'), isNumber: true },
          { label: t('splits.recall'), isNumber: true },
        ],
        rows: values.map(({ value, leads, handedOver, precision, recall }) => [
          { text: name(value), ...(value === null && { tone: 'soft' as const }) },
          { text: formats.number(leads, 0), figure: { kind: 'split', version: index, attribute, value } },
          { text: formats.number(handedOver, 0) },
          { text: says.rate(precision), mark: precision },
          { text: says.rate(recall), mark: recall },
        ]),
      }}
    />
  )
}
