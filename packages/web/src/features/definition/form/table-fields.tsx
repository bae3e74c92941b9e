import { Button, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import { valueIn, type Path } from '../../../app/yaml-text.ts'
import { PartMenu } from './box.tsx'
import { knownValues } from './condition.tsx'
import { ChoiceField, NumberField } from './fields.tsx'
import { choicesIn, entriesOf, isMap, listOf } from './names.ts'

/** Points, or money, by the value of an attribute: by range or one by one. */
export function TableFields({
  path,
  criterion,
  label,
}: {
  readonly path: Path
  readonly criterion: Readonly<Record<string, unknown>>
  readonly label?: string
}) {
  const { t } = useTranslation('definition')
  const editor = useEditor()
  const attribute = String(criterion['table'])
  const bins = listOf(criterion['bins'])
  const values = entriesOf(criterion['values'])
  const missing = knownValues(editor, attribute).filter((value) => !values.some(([name]) => name === value))
  return (
    <Stack gap="xs">
      <ChoiceField
        path={[...path, 'table']}
        choices={choicesIn(editor.document, 'attributes')}
        label={label ?? t('scores.table')}
        w={260}
      />
      {bins.map((bin, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a range has no name but its place
        <Group key={at} gap={6}>
          {isMap(bin) && bin['at_least'] !== undefined && (
            <>
              <Text size="xs">{t('condition.operators.at_least')}</Text>
              <NumberField path={[...path, 'bins', at, 'at_least']} aria-label={t('scores.least')} />
            </>
          )}
          <Text size="xs" w={50}>
            {t('condition.operators.below')}
          </Text>
          <NumberField
            path={[...path, 'bins', at, 'below']}
            aria-label={t('scores.below', { at: at + 1 })}
            placeholder="∞"
            w={76}
          />
          <Text size="xs">→</Text>
          <NumberField
            path={[...path, 'bins', at, 'points']}
            isNeeded
            aria-label={t('scores.binPoints', { at: at + 1 })}
          />
          <PartMenu path={[...path, 'bins', at]} name={t('scores.bin', { at: at + 1 })} />
        </Group>
      ))}
      {bins.length > 0 && editor.mayWrite && (
        <div>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={12} />}
            onClick={() => editor.set([...path, 'bins'], [...withEnd(bins), { points: 0 }])}
          >
            {t('scores.addBin')}
          </Button>
        </div>
      )}
      {values.length > 0 && (
        <SimpleGrid cols={{ base: 1, xl: 2 }} spacing="xs" verticalSpacing={4}>
          {values.map(([value]) => (
            <Group key={value} gap="xs" wrap="nowrap">
              <Text size="xs" flex={1} truncate>
                {value}
              </Text>
              <NumberField
                path={[...path, 'values', value]}
                isNeeded
                aria-label={t('scores.pointsOf', { name: value })}
              />
              <PartMenu path={[...path, 'values', value]} name={value} />
            </Group>
          ))}
        </SimpleGrid>
      )}
      {missing.length > 0 && bins.length === 0 && editor.mayWrite && (
        <Select
          size="xs"
          w={220}
          aria-label={t('scores.addValue')}
          placeholder={t('scores.addValue')}
          value={null}
          data={missing}
          searchable
          onChange={(value) => value !== null && editor.set([...path, 'values', value], 0)}
        />
      )}
      <NumberField path={[...path, 'otherwise']} label={t('scores.otherwise')} w={130} />
    </Stack>
  )
}

/** The last range gets an end before another one follows. */
function withEnd(bins: readonly unknown[]): readonly unknown[] {
  const ends = bins.map((bin) => valueIn(bin, ['below'])).filter((end) => typeof end === 'number')
  const next = (ends.at(-1) ?? 0) * 2 || 10
  return bins.map((bin, at) =>
    at === bins.length - 1 && isMap(bin) && bin['below'] === undefined ? { below: next, ...bin } : bin,
  )
}
